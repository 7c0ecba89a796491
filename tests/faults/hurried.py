"""The patience of our processes wound down, so that what takes minutes in life takes seconds in a test."""

from __future__ import annotations

from datetime import timedelta
from importlib import import_module
from typing import Any

SECOND = timedelta(seconds=1)
AGAIN = (SECOND, SECOND, 2 * SECOND, 2 * SECOND, 4 * SECOND)

WOUND: dict[str, Any] = {
    "services.reminders.bell:HEARTBEAT_MS": 2_000,
    "services.reminders.bell:MAINTENANCE_PER_MILLION": 500_000,
    "services.reminders.channels.sms:CONNECT_SECONDS": 1.0,
    "services.reminders.following.checkpoints:LEASE": 3 * SECOND,
    "services.reminders.following.feed:WAIT_SECONDS": 1,
    "services.reminders.following.feed:SPARE_SECONDS": 3,
    "services.reminders.ledger.outgoing:AGAIN": AGAIN,
    "services.reminders.ledger.outgoing:LEASE": 3 * SECOND,
    "services.reminders.ledger.reconciling:AGAIN": AGAIN,
    "services.reminders.ledger.reconciling:LEASE": 3 * SECOND,
    "services.reminders.ledger.ringing:AGAIN": 5 * SECOND,
    "services.reminders.ledger.settle:BACKOFF": AGAIN[:4],
    "services.reminders.sending.reconcile:PERIOD_SECONDS": 0.5,
    "services.reminders.sending.sweep:STUCK": 4 * SECOND,
    "services.reminders.trouble:LONGEST_WAIT_SECONDS": 1.0,
}
"""Each figure, by where it stands. As in life, a send takes less than what counts as stuck."""

ASKED_AFTER = {"unknown": SECOND, "sent": 4 * SECOND, "delivered": timedelta(0), "failed": timedelta(0)}
ANSWER_SECONDS = 1.5
"""For the provider's answer."""


def hurry() -> None:
    """Winds it down, in this process."""
    for place, value in WOUND.items():
        module, _, name = place.partition(":")
        where = import_module(module)
        assert type(getattr(where, name)) is type(value), place
        setattr(where, name, value)
    settling, sms = (
        import_module(f"services.reminders.{name}") for name in ("ledger.settle", "channels.sms")
    )
    settling._ASKED_AFTER.update(ASKED_AFTER)
    sms.Twilio.__init__.__kwdefaults__["answer_seconds"] = ANSWER_SECONDS
    import_module("services.reminders.following.feed").Feed.read.__kwdefaults__["wait"] = WOUND[
        "services.reminders.following.feed:WAIT_SECONDS"
    ]
