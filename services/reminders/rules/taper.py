"""How practice reminders taper off where nobody answers: twice a week, and then not at all."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Literal

from services.reminders.rules.caps import Sent
from services.reminders.rules.hours import local_day
from services.reminders.rules.person import Person
from services.reminders.rules.plan import Occasion
from services.reminders.rules.silence import silent_since

UNANSWERED = 5
"""So many in a row, and they come less often."""
A_WEEK = 2
SILENCE = timedelta(days=30)
"""So long without any sign of her, and they stop."""

Tapering = Literal["tapered", "no_sign_of_her"]


def tapering(person: Person, slot: Occasion, sent: Sent, now: datetime) -> Tapering | None:
    """Why this slot is passed over; whatever she does or writes brings them back as they were."""
    since = max((at for at in (silent_since(person), sent.heard_at) if at is not None), default=None)
    if since is not None and now - since >= SILENCE:
        return "no_sign_of_her"
    unanswered = {
        said.due_at: said.at
        for said in sent.said
        if said.kind == "practice" and said.due_at != slot.due_at and (since is None or said.at > since)
    }
    week = local_day(person.time_zone, now).isocalendar()[:2]
    this_week = [at for at in unanswered.values() if _week(person, at) == week]
    return "tapered" if len(unanswered) >= UNANSWERED and len(this_week) >= A_WEEK else None


def _week(person: Person, at: datetime) -> tuple[int, int]:
    return local_day(person.time_zone, at).isocalendar()[:2]
