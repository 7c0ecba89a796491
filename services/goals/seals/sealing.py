"""Making the next seal: what follows the last one is verified, and its roots are signed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from sqlalchemy import Engine

from services.goals.log.soundness import Fault, Mark
from services.goals.log.verify import verify
from services.goals.seals.known import Known, mark_of
from services.goals.seals.place import Place, name_of, seal_in, seals_in
from services.goals.seals.seal import Held, LaneSeal, followed, kept, made
from services.goals.seals.signing import PublicKey, publics
from shared.tokens import Key


class Unsound(Exception):
    """What would be sealed is not as it was written; no seal is made of it."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(f"lane {fault.lane}: event {fault.position} {fault.why}")
        self.fault = fault


def seal(
    engine: Engine,
    place: Place,
    keys: Sequence[Key],
    now: datetime,
    progress: Callable[[int], None] = lambda _: None,
    known: Known | None = None,
) -> Held | None:
    """Makes the next seal and keeps it; None where no lane has grown since the last one.

    Whoever seals again and again gives what is `known` of the place. Another that seals at the same time may
    be faster: then its seal is the answer. Raises Unsound, BadSeal, PlaceAway.
    """
    so_far = (known or Known(place, publics(keys))).catch_up()
    before, ends = so_far.last, so_far.ends
    lanes = []
    for verdict in verify(
        engine, progress, marks={lane: [end] for lane, end in ends.items()}, from_last=True
    ):
        if verdict.fault:
            raise Unsound(verdict.fault)
        if verdict.events:
            after = ends[verdict.lane].position if verdict.lane in ends else 0
            end = verdict.end
            lanes.append(LaneSeal(verdict.lane, after, end.position, end.hash.hex(), end.root.hex()))
    if not lanes:
        return None
    number = before.statement.number + 1 if before else 1
    place.keep(name_of(number), kept(made(before, lanes, now, keys)))
    return seal_in(place, number)


def succession(place: Place, trusted: Mapping[str, PublicKey]) -> Iterator[Held]:
    """All seals, from the first on, as `followed` has it."""
    return followed(seals_in(place), trusted)


def marks_of(seals: Iterable[Held]) -> dict[int, list[Mark]]:
    """What the seals say of each lane, in order."""
    marks: dict[int, list[Mark]] = {}
    for held in seals:
        for lane in held.seal.lanes:
            marks.setdefault(lane.lane, []).append(mark_of(held, lane))
    return marks
