"""Who of the staff signs in with a password: invited by a link, found by the hash of an e-mail address."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

from services.goals.rules.refusal import NotThere
from services.goals.web import passwords, secret
from shared.vault import Vault

INVITED_FOR = timedelta(days=3)
"""How long a link that sets a password is good for."""

_INVITE = text("SELECT cairn.invite(:clinic, :staff, :address, :token, :lasts)")
_INVITED = text("SELECT * FROM cairn.invited(:token)")
_ACCEPT = text("SELECT * FROM cairn.accept_invitation(:token, :password)")
_AT = text("SELECT * FROM cairn.accounts_at(:address)")
_REHASH = text("SELECT cairn.rehash(:clinic, :staff, :before, :password)")
_SPEAK = text("SELECT cairn.speak(:clinic, :staff, :language)")


@dataclass(frozen=True)
class Somebody:
    """Somebody of a clinic's staff."""

    clinic_id: UUID
    staff_id: UUID


class Accounts:
    """The accounts of an installation. Threads may share it."""

    def __init__(self, engine: Engine, vault: Vault) -> None:
        self._engine = engine
        self._vault = vault

    def address(self, email: str) -> bytes:
        """By what an address is found, however its letters are written."""
        return self._vault.digest("account", email.strip().casefold())

    def form_secret(self, who: Somebody) -> str:
        """What her forms are held to, the same in each of her sessions: what was typed while one ended can be
        sent in the next, and by nobody else.
        """
        return self._vault.digest("form", str(who.staff_id)).hex()

    def invite(self, who: Somebody, email: str) -> str:
        """The secret of a link by which she sets a password, once. Raises NotThere for who is no staff."""
        token = secret.fresh()
        values = {
            "clinic": who.clinic_id,
            "staff": who.staff_id,
            "address": self.address(email),
            "token": secret.kept(token),
            "lasts": INVITED_FOR,
        }
        try:
            with self._engine.connect() as connection:
                connection.execute(_INVITE, values)
        except DBAPIError as error:
            if getattr(error.orig, "sqlstate", None) == "CN002":
                raise NotThere from error
            raise
        return token

    def invited(self, token: str) -> Somebody | None:
        """Who may set a password by this link; None when it is used up, over, or none of ours."""
        with self._engine.connect() as connection:
            row = connection.execute(_INVITED, {"token": secret.kept(token)}).one_or_none()
        return Somebody(row.clinic_id, row.staff_id) if row else None

    def accept(self, token: str, password: str) -> Somebody | None:
        """Sets the password by a link, which is used up with that; all of her sessions end."""
        values = {"token": secret.kept(token), "password": passwords.hashed(password)}
        with self._engine.connect() as connection:
            row = connection.execute(_ACCEPT, values).one_or_none()
        return Somebody(row.clinic_id, row.staff_id) if row else None

    def find(self, email: str, password: str) -> Somebody | None:
        """Whose address and password these are; nobody of those who left."""
        with self._engine.connect() as connection:
            rows = connection.execute(_AT, {"address": self.address(email)}).all()
        for row in rows:
            if passwords.is_it(row.password, password):
                self._keep_up(row.clinic_id, row.staff_id, row.password, password)
                return Somebody(row.clinic_id, row.staff_id)
        if not rows:
            passwords.is_it(None, password)  # it takes as long: no clock tells who has an account
        return None

    def at(self, email: str) -> tuple[Somebody, ...]:
        """Whose address it is."""
        with self._engine.connect() as connection:
            rows = connection.execute(_AT, {"address": self.address(email)}).all()
        return tuple(Somebody(row.clinic_id, row.staff_id) for row in rows)

    def speak(self, who: Somebody, language: str) -> None:
        """Her pages are in this language from now on."""
        values = {"clinic": who.clinic_id, "staff": who.staff_id, "language": language}
        with self._engine.connect() as connection:
            connection.execute(_SPEAK, values)

    def _keep_up(self, clinic_id: UUID, staff_id: UUID, kept: str, password: str) -> None:
        if not passwords.is_outdated(kept):
            return
        values = {"clinic": clinic_id, "staff": staff_id, "before": kept}
        with self._engine.connect() as connection:
            connection.execute(_REHASH, values | {"password": passwords.hashed(password)})
