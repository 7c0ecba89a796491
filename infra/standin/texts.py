"""Texts that phones send to the account, signed as the provider signs; STOP and START have their effect."""

from __future__ import annotations

from dataclasses import dataclass, field
from threading import Lock
from typing import Literal
from uuid import uuid4

import msgspec

from infra.standin.callbacks import Callbacks

STOPS = frozenset({"STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT"})
STARTS = frozenset({"START", "UNSTOP", "YES"})
HELPS = frozenset({"HELP", "INFO"})

OptOutType = Literal["STOP", "START", "HELP"]


class Text(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename={"sent_from": "from"}):
    """A text of a phone's; the same `sid` again is the same text brought again."""

    sent_from: str
    body: str
    to: str = "+15005550006"
    media: int = 0
    sid: str = msgspec.field(default_factory=lambda: f"SM{uuid4().hex}")


@dataclass
class Texts:
    """The phones' side of the account. `answers_itself` is its setting that confirms opt-outs itself."""

    account: str
    service: str
    callbacks: Callbacks
    url: str | None = None
    """Where texts are brought: the webhook's public address."""
    answers_itself: bool = False
    blocked: set[str] = field(default_factory=set)
    _lock: Lock = field(default_factory=Lock)

    def bring(self, text: Text) -> int | None:
        """Brings a text to the webhook; the HTTP status of its answer, None where there was none."""
        kind = self._keeps(text)
        form = {
            "AccountSid": self.account,
            "ApiVersion": "2010-04-01",
            "Body": text.body,
            "From": text.sent_from,
            "MessageSid": text.sid,
            "MessagingServiceSid": self.service,
            "NumMedia": str(text.media),
            "NumSegments": "1",
            "SmsMessageSid": text.sid,
            "SmsSid": text.sid,
            "SmsStatus": "received",
            "To": text.to,
        }
        if kind and self.answers_itself:
            form["OptOutType"] = kind
        assert self.url, "the stand-in is not told where texts are to be brought"
        return self.callbacks.bring(self.url, form)

    def blocks(self, number: str) -> bool:
        """Whether this number has opted out of the account."""
        with self._lock:
            return number in self.blocked

    def forget(self) -> None:
        """As in the beginning."""
        with self._lock:
            self.blocked.clear()

    def _keeps(self, text: Text) -> OptOutType | None:
        """What it makes of a text by itself: its own list of words, alone and whole."""
        said = text.body.strip().upper()
        with self._lock:
            if said in STOPS:
                self.blocked.add(text.sent_from)
                return "STOP"
            if said in STARTS:
                self.blocked.discard(text.sent_from)
                return "START"
        return "HELP" if said in HELPS else None
