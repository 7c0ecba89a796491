"""A page of the feed into the read model, occasions and checkpoints: one transaction, then the bell."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from itertools import groupby
from typing import Any, NamedTuple

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError, OperationalError

from services.reminders import contacts, opting_out, parking, people
from services.reminders.bell import Rung
from services.reminders.following import checkpoints
from services.reminders.following.folding import Folded, fold
from services.reminders.following.traced import traced
from services.reminders.ledger import erasing, plan
from services.reminders.ringer import Ring
from services.reminders.scheduling import due, foreseen
from services.reminders.team import digesting, flagging
from shared.logs import logger
from shared.vault import Vault

log = logger()


class GapInLane(Exception):
    """The feed left out a position of a lane; nothing after it may be applied."""


Lane = list[dict[str, Any]]
"""The events of one lane, in order."""


Told = Callable[[int, datetime], None]
"""Told of each lane that was applied: how many events, and when the last of them was recorded."""


def untold(_events: int, _recorded_at: datetime) -> None:
    """Nobody counts."""


def apply(
    engine: Engine,
    vault: Vault,
    ring: Ring,
    items: list[dict[str, Any]],
    now: datetime,
    told: Told = untold,
) -> int:
    """Applies a page of CloudEvents and rings for what is due; gives how many events it applied.

    All lanes together, for a transaction costs more than the few events of a lane that it would hold; where
    one of them hinders that, each for itself, so that it hinders no other. A lane that another follower has
    moved meanwhile is left as it is. Raises what hindered a lane, GapInLane or DBAPIError, once the others
    are applied; where the database cannot do its work (OperationalError), at once.
    """
    lanes = [list(lane) for _, lane in groupby(sorted(items, key=_place), key=lambda item: int(item["lane"]))]
    if not lanes:
        return 0
    try:
        done = _written(engine, vault, lanes, now)
    except (checkpoints.LaneMoved, GapInLane, DBAPIError):
        return _apply_each(engine, vault, ring, lanes, now, told)
    return _made_known(done, ring, told)


def _apply_each(
    engine: Engine, vault: Vault, ring: Ring, lanes: list[Lane], now: datetime, told: Told
) -> int:
    applied, trouble = 0, None
    for lane in lanes:
        try:
            done = _written(engine, vault, [lane], now)
        except checkpoints.LaneMoved:
            log.info("lane applied by another", lane=int(lane[0]["lane"]))
        except OperationalError:
            raise
        except (GapInLane, DBAPIError) as error:
            trouble = trouble or error
        else:
            applied += _made_known(done, ring, told)
    if trouble is not None:
        raise trouble
    return applied


class _Done(NamedTuple):
    """What was committed."""

    steps: list[checkpoints.Step]
    planned: list[plan.Planned]
    rung: list[Rung]


def _written(engine: Engine, vault: Vault, lanes: list[Lane], now: datetime) -> _Done:
    """These lanes' events, in one transaction. Raises LaneMoved, GapInLane, DBAPIError."""
    steps = [_step(lane) for lane in lanes]
    items = [item for lane in lanes for item in lane]
    with traced(items, now) as traces, engine.begin() as connection:
        checkpoints.advance(connection, steps, now)
        folded = fold(connection, vault, items)
        if traces:
            folded.planned = [
                replace(one, traceparent=traces.get(one.correlation_id)) for one in folded.planned
            ]
        rung = write(connection, vault, folded, now)
    return _Done(steps, folded.planned, rung)


def _made_known(done: _Done, ring: Ring, told: Told) -> int:
    """Says and rings what was committed; how many events those are."""
    for one in done.planned:
        occasion = one.occasion
        log.info(
            "planned",
            correlation_id=one.correlation_id,
            client=str(occasion.client_id),
            occasion=occasion.kind,
        )
    for step in done.steps:
        told(step.events, step.recorded_at)
    ring(done.rung)
    return sum(step.events for step in done.steps)


def _step(lane: Lane) -> checkpoints.Step:
    """Raises GapInLane."""
    number, first, last = (
        int(lane[at][name]) for at, name in ((0, "lane"), (0, "sequence"), (-1, "sequence"))
    )
    if [int(item["sequence"]) for item in lane] != list(range(first, last + 1)):
        raise GapInLane(f"lane {number}: {len(lane)} events from {first} to {last}")
    return checkpoints.Step(number, first, last, datetime.fromisoformat(lane[-1]["recordedtime"]))


def write(connection: Connection, vault: Vault, folded: Folded, now: datetime) -> list[Rung]:
    """Writes down what events come to, in the caller's transaction; gives what is due."""
    people.put_clinics(connection, vault, folded.clinics)
    digesting.put(connection, [known.who for known in folded.clinics], now)
    people.put_persons(connection, vault, folded.persons)
    contacts.put(
        connection, vault, [known.who for known in folded.persons if known.who.client_id in folded.moved]
    )
    due.put(connection, list(folded.reminders.values()))
    for client_id, kept in folded.kept.items():
        due.drop_others(connection, client_id, kept)
    foreseen.put(connection, list(folded.foreseen.values()))
    opting_out.withdraw_earlier(connection, vault, folded.consents, now)
    parking.park(connection, vault, folded.parked, now)
    for event in folded.parked:
        log.error(
            "event set aside", record=str(event.record_id), event_id=event.item["id"], reason=event.reason
        )
    rung = plan.write(connection, folded.planned, now) + _flags(connection, vault, folded, now)
    for client_id, clinic_id in folded.erased.items():  # last: it takes all of hers along
        erasing.erase(connection, client_id, clinic_id, now)
        log.info("erased", client=str(client_id))
    return rung


def _flags(connection: Connection, vault: Vault, folded: Folded, now: datetime) -> list[Rung]:
    """Flags that staff have raised are told of as ours are; what was reviewed is told of no more."""
    rung: list[Rung] = []
    for person, flag_id, correlation_id in folded.flagged:
        rung += flagging.raised(connection, vault, person, flag_id, now, correlation_id)
    for person, flag_id in folded.brought:
        flagging.brought(connection, vault, person, flag_id, now)
    flagging.reviewed(connection, folded.reviewed)
    return rung


def _place(item: dict[str, Any]) -> tuple[int, int]:
    return int(item["lane"]), int(item["sequence"])
