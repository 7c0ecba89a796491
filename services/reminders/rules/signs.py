"""Signs of her: a practice, a win, a rating of hers or a session that she came to, whoever wrote it down."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID

from shared.events import (
    PracticeLogged,
    PracticeVoided,
    RatingRecorded,
    RatingVoided,
    Recorded,
    SessionAttended,
    SessionCancelled,
    SessionScheduled,
    WinRecorded,
    WinVoided,
    fact_id,
)

SIGNS_KEPT = timedelta(days=35)
"""Longer than the 30 days of silence after which reminders stop."""

Signs = Mapping[UUID, datetime]
"""When each was, by a name that its fact alone has."""


def seen(signs: Signs, event: Recorded) -> dict[UUID, datetime]:
    """The signs with one more event: one more, one fewer where it was a mistake, or as they are."""
    match event.data:
        case PracticeLogged() as data:
            return _with(signs, fact_id(event.stream_id, "practice", data.practice_id), event.time)
        case WinRecorded() as data:
            return _with(signs, fact_id(event.stream_id, "win", data.win_id), event.time)
        case RatingRecorded(rater="client") as data:
            return _with(signs, fact_id(event.stream_id, "rating", data.rating_id), event.time)
        case SessionAttended() as data:
            return _with(signs, fact_id(event.stream_id, "session", data.session_id), data.starts_at)
        case PracticeVoided() as data:
            return _without(signs, fact_id(event.stream_id, "practice", data.practice_id))
        case WinVoided() as data:
            return _without(signs, fact_id(event.stream_id, "win", data.win_id))
        case RatingVoided() as data:
            return _without(signs, fact_id(event.stream_id, "rating", data.rating_id))
        case SessionScheduled() | SessionCancelled() as data:
            return _without(signs, fact_id(event.stream_id, "session", data.session_id))
        case _:
            return dict(signs)


def _with(signs: Signs, sign: UUID, at: datetime) -> dict[UUID, datetime]:
    grown = {**signs, sign: at}
    forgotten = max(grown.values()) - SIGNS_KEPT
    if min(grown.values()) > forgotten:
        return grown
    return {key: moment for key, moment in grown.items() if moment > forgotten}


def _without(signs: Signs, sign: UUID) -> dict[UUID, datetime]:
    return {key: moment for key, moment in signs.items() if key != sign}
