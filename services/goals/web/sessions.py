"""Who is signed in: sessions that end by themselves, by a press, and with whoever leaves the staff."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import Engine, text

from services.goals.web import secret
from services.goals.web.accounts import Somebody
from shared.sealing import place
from shared.vault import Vault

IDLE = timedelta(minutes=75)
"""A session with a client, and the notes after it, are shorter than this."""
WHOLE = timedelta(hours=12)

_BEGIN = text("SELECT cairn.begin_session(:clinic, :staff, :token, :whole, :idle)")
_FIND = text("SELECT * FROM cairn.session_of(:token, :whole, :idle)")
_END = text("SELECT cairn.end_session(:token)")
_END_ALL = text("SELECT cairn.end_sessions(:clinic, :staff)")
_SAY_WHY = text("SELECT cairn.say_why(:clinic, :token, :record, :reason)")
_WHY = text("SELECT cairn.why(:token, :record)")


@dataclass(frozen=True)
class Session:
    """Somebody who is signed in, and what she is at the clinic today."""

    secret: str
    who: Somebody
    role: str
    language: str | None


class Sessions:
    """The sessions of an installation. Threads may share it."""

    def __init__(self, engine: Engine, vault: Vault) -> None:
        self._engine = engine
        self._vault = vault

    def begin(self, who: Somebody) -> str:
        """The secret of a new session."""
        token = secret.fresh()
        values = {"clinic": who.clinic_id, "staff": who.staff_id, "token": secret.kept(token)}
        with self._engine.connect() as connection:
            connection.execute(_BEGIN, values | {"whole": WHOLE, "idle": IDLE})
        return token

    def find(self, token: str) -> Session | None:
        """The session, if it is one and still lasts."""
        values = {"token": secret.kept(token), "whole": WHOLE, "idle": IDLE}
        with self._engine.connect() as connection:
            row = connection.execute(_FIND, values).one_or_none()
        if row is None:
            return None
        return Session(token, Somebody(row.clinic_id, row.staff_id), row.role, row.language)

    def end(self, token: str) -> None:
        """It is over."""
        with self._engine.connect() as connection:
            connection.execute(_END, {"token": secret.kept(token)})

    def end_all(self, who: Somebody) -> None:
        """All of hers are over, wherever they were begun."""
        with self._engine.connect() as connection:
            connection.execute(_END_ALL, {"clinic": who.clinic_id, "staff": who.staff_id})

    def say_why(self, session: Session, record_id: UUID, reason: str) -> None:
        """Why she looks at a record in this session. Of one that has no key, nothing is kept."""
        key = self._vault.key(record_id)
        if key is None:
            return
        token = secret.kept(session.secret)
        values = {
            "clinic": session.who.clinic_id,
            "token": token,
            "record": record_id,
            "reason": key.seal(reason.encode(), _place(token, record_id)),
        }
        with self._engine.connect() as connection:
            connection.execute(_SAY_WHY, values)

    def why(self, session: Session, record_id: UUID) -> str | None:
        """What she said of a record in this session."""
        token = secret.kept(session.secret)
        with self._engine.connect() as connection:
            sealed = connection.scalar(_WHY, {"token": token, "record": record_id})
        said = self._vault.open(record_id, sealed, _place(token, record_id)) if sealed else None
        return said.decode() if said else None


def _place(token: bytes, record_id: UUID) -> bytes:
    """To what a reason is tied."""
    return place("web-reason", token, record_id)
