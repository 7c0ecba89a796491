"""The stand-in's account: what it holds and does, without HTTP."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from threading import Event

from infra.standin.accepted import Accepted, Message
from infra.standin.callbacks import Callbacks
from infra.standin.script import Script, Scripts
from infra.standin.texts import Texts

ACCOUNT = "AC" + "0" * 31 + "1"
SERVICE = "MG" + "0" * 31 + "1"
SENDER = "+15005550006"
"""The number that its messaging service sends from."""
FAILED_BEFORE_SENT = frozenset({"30001", "30036"})
"""Errors of messages that never left the provider's queue."""


@dataclass
class Provider:
    """One account with one messaging service."""

    account: str = ACCOUNT
    token: str = field(default_factory=lambda: secrets.token_hex(16), repr=False)
    service: str = SERVICE
    through: str | None = None
    """Where callbacks really go, if not to the address that they are signed for."""
    scripts: Scripts = field(default_factory=Scripts)
    accepted: Accepted = field(default_factory=Accepted)
    closing: Event = field(default_factory=Event)

    def __post_init__(self) -> None:
        self.callbacks = Callbacks(self.account, self.token, self.through)
        self.texts = Texts(self.account, self.service, self.callbacks)

    def environment(self, url: str) -> dict[str, str]:
        """The settings of a service that sends by this account, at this URL."""
        return {
            "TWILIO_ACCOUNT_SID": self.account,
            "TWILIO_AUTH_TOKEN": self.token,
            "TWILIO_MESSAGING_SERVICE_SID": self.service,
            "TWILIO_API_URL": url,
        }

    def send_on(self, message: Message, script: Script) -> None:
        """Lets an accepted message come to what is scripted, and tells of it."""

        def steps() -> list[Message]:
            made = [
                self.accepted.advance(message.sid, status, sender=SENDER, error_code=code)
                for status, code in _way(script.delivery)
            ]
            return [step for step in made if step]

        self.callbacks.follow(script, steps)

    def forget(self) -> None:
        """As in the beginning."""
        self.scripts.forget()
        self.accepted.forget()
        self.callbacks.forget()
        self.texts.forget()

    def close(self) -> None:
        """Lets go of whoever hangs, and tells nothing more."""
        self.closing.set()
        self.callbacks.close()


def _way(delivery: str) -> list[tuple[str, int | None]]:
    if delivery in FAILED_BEFORE_SENT:
        return [("queued", None), ("failed", int(delivery))]
    sent: list[tuple[str, int | None]] = [("queued", None), ("sent", None)]
    match delivery:
        case "sent":
            return sent
        case "delivered":
            return [*sent, ("delivered", None)]
        case _:
            return [*sent, ("undelivered", int(delivery))]
