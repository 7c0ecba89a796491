"""Which fact an event voids: the fact stays in the log, and counts no more."""

from __future__ import annotations

from uuid import UUID

from shared.events import (
    Event,
    PracticeLogged,
    PracticeVoided,
    RatingRecorded,
    RatingVoided,
    WinRecorded,
    WinVoided,
    fact_id,
)


def voided_by(stream_id: UUID, event: Event) -> UUID | None:
    """The id of the event, of the same stream, that this one voids; None where it voids none."""
    match event:
        case PracticeVoided():
            return fact_id(stream_id, "practice", event.practice_id)
        case RatingVoided():
            return fact_id(stream_id, "rating", event.rating_id)
        case WinVoided():
            return fact_id(stream_id, "win", event.win_id)
        case _:
            return None


def void_of(stream_id: UUID, event: Event) -> UUID | None:
    """The id of the event that would void this one, on the same stream; None where nothing can."""
    match event:
        case PracticeLogged():
            return fact_id(stream_id, "practice.voided", event.practice_id)
        case RatingRecorded():
            return fact_id(stream_id, "rating.voided", event.rating_id)
        case WinRecorded():
            return fact_id(stream_id, "win.voided", event.win_id)
        case _:
            return None
