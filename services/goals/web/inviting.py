"""How somebody of the staff gets in for the first time: by a link, or with a password that she is given."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from services.goals import current
from services.goals.beats import House
from services.goals.rules.refusal import NotThere
from services.goals.web.accounts import Accounts, Somebody
from shared.database import engine
from shared.settings import Settings
from shared.vault import Vault


def link_for(settings: Settings, clinic_id: UUID, staff_id: UUID) -> str:
    """The address where she chooses a password, once. Raises NotThere for nobody of the staff."""
    with _house(settings) as house:
        return address(settings, invited(house, Somebody(clinic_id, staff_id)))


def give_password(settings: Settings, clinic_id: UUID, staff_id: UUID, password: str) -> None:
    """Gives her a password, for an installation that is its own. Raises NotThere for nobody of the staff."""
    with _house(settings) as house:
        accounts = Accounts(house.engine, house.vault)
        accounts.accept(invited(house, Somebody(clinic_id, staff_id)), password)


def invited(house: House, who: Somebody) -> str:
    """The secret of her link, for the e-mail address that the clinic has of her now. Raises NotThere."""
    email = email_of(house, who)
    if email is None:
        raise NotThere
    return Accounts(house.engine, house.vault).invite(who, email)


def email_of(house: House, who: Somebody) -> str | None:
    """The e-mail address that the clinic has of her now; None of nobody of the staff."""
    with house.engine.connect() as connection:
        clinic = current.clinic(connection, house.vault, who.clinic_id)
    member = clinic.staff.get(who.staff_id) if clinic else None
    return member.email if member else None


def address(settings: Settings, token: str) -> str:
    """Where the link leads."""
    return f"{settings.goals_public_url or settings.require('goals_url')}/welcome/{token}"


@contextmanager
def _house(settings: Settings) -> Iterator[House]:
    goals_url, vault_url, masters = settings.require(
        "goals_database_url", "vault_database_url", "master_keys"
    )
    log, keys = (engine(url, pool_size=1, autocommit=True) for url in (goals_url, vault_url))
    try:
        yield House(log, Vault(keys, masters))
    finally:
        log.dispose()
        keys.dispose()
