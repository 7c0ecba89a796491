"""The event that every design stores: a win, with some words of hers."""

from __future__ import annotations

from datetime import date
from uuid import UUID, uuid4

from shared.events import Actor, WinRecorded

CLINIC = UUID("00000000-0000-4000-8000-0000000000c1")
DAY = date(2026, 3, 2)
WORDS = "I showed up today even though I wanted to cancel"
BY_CLIENT = Actor("client", "00000000-0000-4000-8000-0000000000b1", "web")


def win() -> WinRecorded:
    """A new one."""
    return WinRecorded(win_id=uuid4(), kind="showed_up", on=DAY, text=WORDS)
