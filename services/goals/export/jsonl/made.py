"""Making an export of lines: the record, the seals that hold some of it, and the hashes beside it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Engine

from services.goals.export.fhir.chosen import Chosen
from services.goals.export.jsonl.form import FORMAT, Begun, SealProof
from services.goals.export.jsonl.written import written
from services.goals.log.merkle import Tree
from services.goals.log.proven import Proven, hashes
from services.goals.rules.access import Who, may_hear
from services.goals.seals.seal import Held
from shared.tokens import Key

Proving = Callable[[int, int, int], Iterable[Held]]
"""The seals that hold some of a lane's positions, from one to another, and those by which keys changed."""


def made(
    engine: Engine,
    proving: Proving,
    events: Sequence[Proven],
    who: Who,
    chosen: Chosen,
    *,
    purpose: str,
    key: Key,
    now: datetime,
    export_id: UUID,
) -> Iterator[bytes]:
    """The lines of an export of one client's record, all of whose events these are.

    Raises what `proving` does.
    """
    asked = [event for event in events if _is_asked_for(event, chosen)]
    shown = [event for event in asked if may_hear(who, event.opened.event.data)]
    first = events[0].opened.event
    seals, handovers = _seals(proving, first.lane, shown)
    begun = Begun(
        format=FORMAT,
        purpose=purpose,
        clinic_id=first.clinic_id,
        record_id=first.record_id,
        goal_id=chosen.goal_id,
        first=chosen.first,
        last=chosen.last,
        events=len(shown),
        withheld=tuple(e.opened.event.record_version for e in asked if e not in shown),
        seals=tuple(seals),
        handovers=tuple(handovers),
    )
    trees = {
        seal.number: Tree(hashes(engine, seal.lane.lane, seal.lane.after, seal.lane.position))
        for seal in seals
    }
    return written(begun, shown, trees, key=key, now=now, export_id=export_id)


def _is_asked_for(proven: Proven, chosen: Chosen) -> bool:
    event = proven.opened.event
    return chosen.goal_id in (None, event.stream_id) and chosen.holds(event.recorded_at)


def _seals(
    proving: Proving, lane: int, events: Sequence[Proven]
) -> tuple[list[SealProof], list[tuple[str, ...]]]:
    """The seals that hold some of the events, and the signatures of those by which keys changed."""
    positions = [event.opened.event.position for event in events]
    first, last = (positions[0], positions[-1]) if positions else (1, 0)
    proofs, handovers = [], []
    for held in proving(lane, first, last):
        if len(held.seal.signatures) > 1:
            handovers.append(held.seal.signatures)
        proofs += [
            _proof(held, index)
            for index, said in enumerate(held.seal.lanes)
            if said.lane == lane and any(said.after < position <= said.position for position in positions)
        ]
    return proofs, handovers


def _proof(held: Held, index: int) -> SealProof:
    tree = Tree([lane.leaf() for lane in held.seal.lanes])
    path = tuple(node.hex() for node in tree.path(index))
    signatures = held.seal.signatures[:1]
    return SealProof(held.statement.number, signatures, held.seal.lanes[index], index, path)
