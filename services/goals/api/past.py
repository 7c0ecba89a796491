"""The past: a goal and a client as they were, what differs between two moments, and what happened."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import msgspec
from flask import Response

from services.goals.api.answers import as_json, client_state, state_of
from services.goals.api.call import Call
from services.goals.api.clients import CLIENT
from services.goals.api.door import Door
from services.goals.api.goals import GOAL
from services.goals.api.past_queries import DifferenceQuery, HistoryQuery
from services.goals.api.queries import STREAM_VERSION, unpack
from services.goals.api.shapes import DifferenceState, HistoryPage
from services.goals.log.read import load
from services.goals.rules.access import Who, clinic_of, may_hear, may_look_back, may_read
from services.goals.rules.choosing import Wanted, chosen
from services.goals.rules.client import Client
from services.goals.rules.days import day_of, stays_of
from services.goals.rules.difference import between, changed, in_order
from services.goals.rules.goal import on_day
from services.goals.rules.history import history
from services.goals.rules.record import fold
from services.goals.rules.refusal import NotThere
from services.goals.rules.timeline import Events, Place, as_of, goal_in, moment_of, place, range_of
from services.goals.rules.truth import true_since
from shared.pages import pack

MayRead = Callable[[Who, UUID, Client | None], None]

door = Door("past", "How goals and clients were, what changed since, when, why and by whom.")


def goal_as_it_was(call: Call, goal: UUID) -> Response:
    """A goal at the version, or as of the moment, that the query names."""
    read = _read(call, goal)
    named = "version" if "version" in call.query else "as_of"
    found = _goal_at(call, read, goal, named)
    state = _goal(read, goal, found)
    if state is None:
        raise NotThere("This goal was not there yet; its history says when it began.")
    return as_json(state)


def client_as_she_was(call: Call, client: UUID) -> Response:
    """A client as of the moment that the query names."""
    read = _read(call, client)
    now = call.rooms.house.now()
    at = moment_of(call.query.get("as_of", now), read.events, now, "#/as_of")
    then = fold(client, as_of(read.events, at, call.query.get("axis", "known"))).client
    if then is None:
        raise NotThere("She was not registered yet; her history says when she was.")
    return as_json(client_state(then, then.milestones))


@door.read(GOAL + "/difference", "Difference", query=DifferenceQuery, problems=(410,))
def get_goal_difference(call: Call, goal: UUID) -> Response:
    """What differs between two moments or versions, field by field, and what was done in between."""
    read = _read(call, goal)
    before, after = (_goal_at(call, read, goal, name) for name in ("from_", "to"))
    in_order(before, after)
    now = _goal(read, goal, after)
    if now is None:
        raise NotThere("This goal was not there yet at the time of `to`; its history says when it began.")
    changes = changed(_goal(read, goal, before), now)
    entries = between(history(read.events, goal), before, after)
    return as_json(DifferenceState(list(changes), list(entries)))


@door.read(GOAL + "/history", "HistoryPage", query=HistoryQuery, problems=(410,))
def get_goal_history(call: Call, goal: UUID) -> Response:
    """What changed, when, why, by whom and by which way, first things first."""
    return _history(call, goal)


@door.read(CLIENT + "/history", "HistoryPage", query=HistoryQuery, problems=(410,))
def get_client_history(call: Call, client: UUID) -> Response:
    """What changed about her beside her goals: team, contacts, consents, reminders, pauses and the like."""
    return _history(call, client)


@dataclass(frozen=True)
class Read:
    """What was read of a record: her own events and those of the goal that was asked for, as recorded."""

    client_id: UUID
    client: Client
    events: Events


def _read(call: Call, stream_id: UUID, may: MayRead = may_read) -> Read:
    """The events of a client, or of a goal with hers. Raises NotThere, Forbidden, and Gone unless `may`."""
    house = call.rooms.house
    with house.engine.connect() as connection:
        found = load(connection, house.vault, clinic_of(call.who), stream_id, alone=True)
    if found is None or found.kind != "client":
        may(call.who, stream_id, None)
        raise NotThere
    events = tuple(event for event in found.events if may_hear(call.who, event.data))
    her = fold(found.record_id, (e for e in events if e.stream_id == found.record_id)).client
    goal_id = stream_id if stream_id != found.record_id else None
    return Read(found.record_id, call.shows(found.record_id, her, goal_id=goal_id, may=may), events)


def _goal_at(call: Call, read: Read, goal: UUID, name: str) -> Place:
    """The place that a parameter names; the present where it is left out."""
    now = call.rooms.house.now()
    axis = call.query.get("axis", "known")
    return place(read.events, goal, call.query.get(name, now), axis, now, f"#/{name.rstrip('_')}")


def _goal(read: Read, goal: UUID, there: Place) -> msgspec.Struct | None:
    """The goal in its outward shape, as it was on the day of the place."""
    found = goal_in(there.events, goal)
    then = found and on_day(found, day_of(there.at, stays_of(read.events)))
    return then and state_of(then, then.milestones)


def _history(call: Call, stream_id: UUID) -> Response:
    read = _read(call, stream_id, may_look_back)
    after = int(unpack(call.query["after"], STREAM_VERSION)) if "after" in call.query else 0
    entries = chosen(history(read.events, stream_id, after), _wanted(call, read.events), _since(call, read))
    page = entries[: call.query["limit"]]
    more = len(entries) > len(page)
    return as_json(HistoryPage(list(page), pack(str(page[-1].version)) if more else None))


def _since(call: Call, read: Read) -> dict[UUID, datetime] | None:
    """When each event was true, where that is the axis that is asked for."""
    if call.query.get("axis") != "true":
        return None
    ids = (event.event_id for event in read.events)
    return dict(zip(ids, true_since(read.events), strict=True))


def _wanted(call: Call, events: Events) -> Wanted:
    query = call.query
    first, last = range_of(query.get("from_"), query.get("to"), events)
    words = {name: query[name] for name in ("kind", "person", "reason", "way") if name in query}
    return Wanted(**words, first=first, last=last)
