"""Whether a goal's history is as it was written: what was checked, when, and against which seal."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

import structlog
from flask import Response

from services.goals.api.lookup import client_now
from services.goals.log.read import positions
from services.goals.log.soundness import Fault, Mark
from services.goals.log.verify import verify
from services.goals.rules.access import clinic_of
from services.goals.seals.place import PlaceAway
from services.goals.seals.published import Published, SealState
from services.goals.seals.seal import BadSeal
from services.goals.web.pages import page
from services.goals.web.shown import shown
from services.goals.web.visit import Visit
from shared.lanes import lane_of

log = structlog.get_logger()


class Against(NamedTuple):
    """The seals that a chain is held to: the last of all, and where it says that the lane ends."""

    seal: SealState | None = None
    end: Mark | None = None
    bad: int | None = None
    """The number of a seal that is not as it was made; then it is held to none."""
    away: bool = False
    """Whether they could not be read just now; then it is held to none either."""


class Badge(NamedTuple):
    """What a check came to. `entries` are the goal's and its client's, `chain` has those of others too."""

    at: datetime
    entries: int
    chain: int
    fault: Fault | None
    against: Against
    sealed: int
    """Of the entries, those that stand under a seal."""

    @property
    def sound(self) -> bool:
        """Whether all is as it was written."""
        return self.fault is None and self.against.bad is None


@page("/goals/<uuid:goal>/integrity")
def goal_integrity(visit: Visit, goal: UUID) -> Response:
    """Checks the chain that a goal's history is part of, now, from its start to its end."""
    client_id = visit.client_of(goal)
    her = visit.shows(client_id, client_now(visit, client_id), goal_id=goal)
    badge = _checked(visit, client_id, goal)
    if not badge.sound:
        where = {"lane": badge.fault.lane, "position": badge.fault.position} if badge.fault else {}
        log.error("log_not_as_written", **where, bad_seal=badge.against.bad)
    return shown("room/history/integrity.html", her=her, goal_id=goal, badge=badge)


def _checked(visit: Visit, client_id: UUID, goal_id: UUID) -> Badge:
    """What is shown of the goal is not asked: whoever changed the log may have left nothing to be shown."""
    house, lane = visit.rooms.house, lane_of(client_id)
    with house.engine.connect() as connection:
        found = positions(connection, clinic_of(visit.who), goal_id)
    held_to = _seals(visit.rooms.seals, lane)
    marks = [held_to.end._replace(root=b"")] if held_to.end else []  # under its hash is all that was before
    (verdict,) = verify(house.engine, lanes=(lane,), marks={lane: marks})
    under = held_to.end.position if held_to.end else 0
    return Badge(
        at=house.now(),
        entries=len(found),
        chain=verdict.events,
        fault=verdict.fault,
        against=held_to,
        sealed=sum(position <= under for position in found),
    )


def _seals(seals: Published, lane: int) -> Against:
    try:
        return Against(*seals.of_lane(lane))
    except BadSeal as error:
        return Against(bad=error.number)
    except PlaceAway as error:
        log.warning("seals_away", why=str(error))
        return Against(away=True)
