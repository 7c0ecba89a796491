"""What the stand-in has accepted: every message, what became of it, and the count that nobody else keeps."""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from threading import Lock
from uuid import uuid4

FINAL = frozenset({"delivered", "undelivered", "failed"})


@dataclass(frozen=True)
class Message:
    """A message as the provider has it."""

    sid: str
    to: str
    body: str
    sender: str | None
    service: str | None
    """The messaging service's sid."""
    status_callback: str | None
    validity_period: int
    """In seconds."""
    status: str
    created_at: datetime
    updated_at: datetime
    reference: str
    """What the sender calls it: its callback's address, or else its number and the hash of its body."""
    body_hash: str
    """SHA-256, in hex; what was redacted keeps it."""
    sent_at: datetime | None = None
    error_code: int | None = None


@dataclass
class Accepted:
    """All messages, in the order that they were accepted. Nothing is forgotten unasked."""

    _messages: dict[str, Message] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def add(
        self,
        *,
        to: str,
        body: str,
        sender: str | None,
        service: str | None,
        status_callback: str | None,
        validity_period: int,
    ) -> Message:
        """Accepts a message; the same once more is another message, as it is at the provider's."""
        body_hash = hashlib.sha256(body.encode()).hexdigest()
        now = _now()
        message = Message(
            sid=f"SM{uuid4().hex}",
            to=to,
            body=body,
            sender=sender,
            service=service,
            status_callback=status_callback,
            validity_period=validity_period,
            status="accepted" if service and not sender else "queued",
            created_at=now,
            updated_at=now,
            reference=status_callback or f"{to} {body_hash}",
            body_hash=body_hash,
        )
        with self._lock:
            self._messages[message.sid] = message
        return message

    def find(self, sid: str) -> Message | None:
        """The message of this sid."""
        return self._messages.get(sid)

    def advance(self, sid: str, status: str, *, sender: str, error_code: int | None = None) -> Message | None:
        """The message has come to this status; None when it has been forgotten meanwhile."""
        with self._lock:
            message = self._messages.get(sid)
            if message is None:
                return None
            now = _now()
            message = self._messages[sid] = replace(
                message,
                status=status,
                sender=message.sender or sender,
                error_code=error_code,
                sent_at=now if status == "sent" else message.sent_at,
                updated_at=now,
            )
            return message

    def redact(self, sid: str) -> Message:
        """Empties its body."""
        with self._lock:
            message = self._messages[sid] = replace(self._messages[sid], body="", updated_at=_now())
            return message

    def all(self) -> list[Message]:
        """Every message, oldest first."""
        with self._lock:
            return list(self._messages.values())

    def twice(self) -> dict[str, int]:
        """What was accepted more than once, by reference: how often. Empty is what everybody hopes for."""
        counted = Counter(message.reference for message in self.all())
        return {reference: count for reference, count in counted.items() if count > 1}

    def forget(self) -> None:
        """As in the beginning."""
        with self._lock:
            self._messages.clear()


def _now() -> datetime:
    # The provider's times have whole seconds.
    return datetime.now(UTC).replace(microsecond=0)
