"""The reads: a client, a list of clients, a goal."""

from __future__ import annotations

import re
from dataclasses import replace
from uuid import UUID

from flask import Response, request

from services.goals import current
from services.goals.api import gone
from services.goals.api.answers import as_json, client_state, etag, state_of
from services.goals.api.call import Call
from services.goals.api.clients import CLIENT
from services.goals.api.door import Door
from services.goals.api.goals import GOAL
from services.goals.api.lookup import client_now
from services.goals.api.past import client_as_she_was, goal_as_it_was
from services.goals.api.past_queries import AsOfQuery, GoalQuery
from services.goals.api.queries import PageQuery, unpack
from services.goals.api.shapes import ClientPage
from services.goals.rules.access import Who, clinic_of, may_read, seen_by
from services.goals.rules.client import Client
from services.goals.rules.goal import Goal, on_day
from services.goals.rules.proposal import local_day
from services.goals.rules.refusal import Forbidden, Gone, NotThere
from shared.pages import pack
from shared.unchanged import has_it

door = Door("reading", "Reading clients and goals.")
CLIENT_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
LOOKED_AT = 200
"""Clients that are opened at once to find those of a therapist."""


@door.read(CLIENT, "Client", query=AsOfQuery, problems=(410,))
def get_client(call: Call, client: UUID) -> Response:
    """A client as she is now, or as she was."""
    if call.query:
        return client_as_she_was(call, client)
    her = call.shows(client, client_now(call, client) or gone.client_of(call, client))
    return as_json(client_state(her, her.milestones))


@door.read("/v1/clients", "ClientPage", query=PageQuery)
def get_clients(call: Call) -> Response:
    """The clients that one may read, by their ids: her team's, all of a lead's clinic, oneself."""
    if call.who.role == "service":
        raise Forbidden("The service reads the feed, and no client's record.")
    after = UUID(unpack(call.query["after"], CLIENT_ID)) if "after" in call.query else None
    found: list[Client] = []
    if call.who.client_id is not None:
        her = client_now(call, call.who.client_id)
        return _shown(call, [her] if her and not after else [], None)
    clinic_id, limit, house = clinic_of(call.who), call.query["limit"], call.rooms.house
    who = replace(call.who, reason=None)  # a reason is given for one record, never for a list
    more = True
    with house.engine.connect() as connection:
        while more and len(found) <= limit:
            page, after = current.list_clients(
                connection, house.vault, clinic_id, after=after, limit=LOOKED_AT
            )
            found += [client for client in page if _is_hers_to_read(who, client)]
            more = after is not None
    page_ends = pack(str(found[limit - 1].client_id)) if len(found) > limit else None
    return _shown(call, found[:limit], page_ends)


@door.read(GOAL, "Goal", query=GoalQuery, problems=(410,))
def get_goal(call: Call, goal: UUID) -> Response:
    """A goal as it is now, or as it was at a version or as of a moment; only now its ETag is its version."""
    if call.query:
        return goal_as_it_was(call, goal)
    clinic_id, house = clinic_of(call.who), call.rooms.house
    with house.engine.connect() as connection:
        found = current.get(connection, house.vault, clinic_id, goal)
    if found is None:
        her = gone.client_of(call, goal)
    else:
        her = client_now(call, found.record_id) if isinstance(found.state, Goal) else None
    her = call.shows(her.client_id if her else goal, her, goal_id=goal)
    assert found is not None
    assert isinstance(found.state, Goal)
    tag = etag(found.version)
    state = on_day(found.state, local_day(house.now(), her.time_zone))
    if state == found.state and has_it(request, tag):  # else its pause ran out, which no event says
        return Response(status=304, headers={"ETag": tag})
    response = as_json(state_of(state, state.milestones))
    response.headers["ETag"] = tag
    return response


def _shown(call: Call, clients: list[Client], page_ends: str | None) -> Response:
    """A page of clients; each of them has been looked at."""
    call.lists(tuple(client.client_id for client in clients))
    items = [client_state(seen_by(call.who, client), client.milestones) for client in clients]
    return as_json(ClientPage(items, page_ends))


def _is_hers_to_read(who: Who, client: Client) -> bool:
    try:
        may_read(who, client.client_id, client)
    except (Forbidden, NotThere, Gone):
        return False
    return True
