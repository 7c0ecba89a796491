"""A rating that was given, and which of several hold."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec

from shared.events import Rater


class Rating(msgspec.Struct, frozen=True):
    """A rating that was not voided; `standing` says which ones hold."""

    rating_id: UUID
    value: int
    rater: Rater
    epoch: int
    session_id: UUID | None
    at: datetime


def standing(ratings: tuple[Rating, ...]) -> tuple[Rating, ...]:
    """The ratings that hold, in the order of their times: a later one by the same rater in the same session
    takes the place of an earlier one (invariant 6), and where it is voided the earlier one holds again."""
    held: dict[object, Rating] = {}
    for rating in sorted(ratings, key=lambda rating: rating.at):
        place = (rating.rater, rating.session_id, rating.epoch)
        key = rating.rating_id if rating.session_id is None else place
        held.pop(key, None)
        held[key] = rating
    return tuple(held.values())
