"""The ways a message can go: a channel is one file, and the only importer of its library."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from shared.events import Channel

OPTED_OUT = "opted_out_at_provider"
"""The cause of a permanent answer that is her own word: the provider may not write to this address for us."""

DEAD = frozenset({"no_such_number", "not_a_mobile", "no_such_mailbox"})
"""Causes of a permanent answer that are the address's own: nobody is ever reached there."""

OURS = frozenset(
    {
        "provider_refuses_us", "country_not_enabled", "filtered_by_carrier", "sender_not_registered",
        "mail_server_refuses_us", "mail_server_not_trusted", "sender_refused",
    }
)  # fmt: skip
"""Causes that are the sender's own: its account, its registration, its name with the carriers. Nobody is
reached, whoever she is, until somebody has put that right."""

BUSY = "busy"
"""The cause of a retry by which a provider says that it is given too much: the next would fare no better."""

Verdict = Literal["sent", "delivered", "permanent", "retry", "ambiguous"]


@dataclass(frozen=True)
class Letter:
    """What goes to a channel: one message, whole, on its way to one address."""

    message_id: UUID
    record_id: UUID
    channel: Channel
    to: str
    text: str
    subject: str | None
    html: str | None
    zone: str
    """Hers."""
    at: datetime
    """When it is said, by the occasions' clock."""
    valid_for: timedelta | None = None
    """How long it may still be on its way; after that it had better never come."""
    sender: str | None = None
    """The clinic's neutral name."""
    unsubscribe: str | None = None
    """Where one click ends these e-mails."""


@dataclass(frozen=True)
class Answer:
    """What became of a letter, in words that every channel shares.

    `permanent` will never go; `retry` surely did not go and may be tried again; `ambiguous` may have gone and
    is never blindly sent again.
    """

    verdict: Verdict
    cause: str | None = None
    provider_id: str | None = None
    after: timedelta | None = None
    """With `retry`: not before so long from now."""


Confirmed = Literal["opt_out", "opt_in", "help"]


@dataclass(frozen=True)
class Heard:
    """A text as a provider hands it over. `confirmed` is what the provider has answered itself."""

    provider_id: str
    sent_from: str
    sent_to: str
    text: str
    confirmed: Confirmed | None = None


Send = Callable[[Letter], Answer]
"""Sends one letter. Called with no transaction open, so it may take its time; it bounds that time itself."""
