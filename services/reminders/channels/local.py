"""The local channel: an outbox on this machine, which shows the phone and the inbox. Sealed at rest."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import msgspec
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

from services.reminders.channels import Answer, Letter
from services.reminders.sealed import seal, unseal
from shared.events import Channel
from shared.sealing import place
from shared.vault import Vault

_KEEP = text("""
INSERT INTO outbox (message_id, record_id, channel, sealed, at)
VALUES (:message, :record, :channel, :sealed, :at)
ON CONFLICT (message_id) DO NOTHING
""")
_KEPT = text("SELECT message_id, record_id, channel, sealed, at FROM outbox ORDER BY sequence")
_ARRIVED = text("SELECT count(*) FROM outbox WHERE message_id = :message")


class Body(msgspec.Struct, frozen=True):
    """What of a letter is sealed."""

    to: str
    text: str
    subject: str | None
    html: str | None
    zone: str


@dataclass(frozen=True)
class Kept:
    """A letter in the outbox, opened."""

    channel: Channel
    at: datetime
    body: Body


class Outbox:
    """The outbox: a row a message, whose id makes sending it again harmless."""

    def __init__(self, engine: Engine, vault: Vault) -> None:
        self._engine = engine
        self._vault = vault

    def send(self, letter: Letter) -> Answer:
        """Keeps the letter; it has arrived as soon as it is kept."""
        body = Body(letter.to, letter.text, letter.subject, letter.html, letter.zone)
        sealed = seal(
            self._vault, letter.record_id, msgspec.json.encode(body), place("outbox", letter.message_id)
        )
        row = {
            "message": letter.message_id,
            "record": letter.record_id,
            "channel": letter.channel,
            "sealed": sealed,
            "at": letter.at,
        }
        try:
            with self._engine.begin() as connection:
                connection.execute(_KEEP, row)
        except DBAPIError as error:
            return Answer("retry", type(error.orig).__name__)
        return Answer("delivered")

    def arrived(self, message_id: UUID, _channel: str) -> bool:
        """Whether a message is in the outbox: here one can always tell."""
        with self._engine.connect() as connection:
            return bool(connection.execute(_ARRIVED, {"message": message_id}).scalar())

    def kept(self) -> list[Kept]:
        """All letters, in the order that they came; those of an erased client are left out."""
        with self._engine.connect() as connection:
            rows = connection.execute(_KEPT).all()
        letters = []
        for row in rows:
            plain = unseal(self._vault, row.record_id, row.sealed, place("outbox", row.message_id))
            if plain is not None:
                letters.append(Kept(row.channel, row.at, msgspec.json.decode(plain, type=Body)))
        return letters
