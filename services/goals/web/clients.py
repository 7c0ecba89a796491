"""The clients of whoever is signed in, with what matters now first."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from flask import Response, request, url_for

from services.goals import current, lately
from services.goals.rules.access import clinic_of, may_read
from services.goals.rules.attention import LOOKED_BACK, Attention, attention
from services.goals.rules.client import Client
from services.goals.rules.goal import Goal
from services.goals.rules.refusal import Forbidden, Gone, NotThere
from services.goals.web.pages import form, page, redirected
from services.goals.web.shown import shown
from services.goals.web.visit import Visit
from services.goals.web.written import unread

ON_A_PAGE = 50
MOST = 2_000
"""Clients that are weighed to find those who come first; of a larger clinic one searches."""


@dataclass(frozen=True)
class Listed:
    """A client in the list."""

    client: Client
    attention: Attention
    goals: list[Goal]
    next_session: datetime | None

    @property
    def in_focus(self) -> list[Goal]:
        """Her goals in focus."""
        return [goal for goal in self.goals if goal.focus and goal.status in ("active", "paused")]

    @property
    def only_drafted(self) -> bool:
        """Whether a goal was begun, and none was ever set."""
        return bool(self.goals) and all(goal.status == "draft" for goal in self.goals)


@page("/", of_record=False)
def home(visit: Visit) -> Response:
    """To what one came for."""
    return redirected(url_for("room.operations" if visit.who.role == "operator" else "room.clients"))


@page("/clients", of_record=False)
def clients(visit: Visit) -> Response:
    """The clients that one may read; of a lead's clinic all, or those of her own teams."""
    return _list(visit, "")


@form("/clients", of_record=False)
def clients_found(visit: Visit) -> Response:
    """The same by a part of a name, which stands in no address."""
    return _list(visit, request.form.get("name", "").strip())


def _list(visit: Visit, name: str) -> Response:
    whose = _whose(visit)
    found = _readable(visit, whose)
    named = [client for client in found if _is_named(client, name)]
    listed = _weighed(visit, named[:MOST])
    number = max(1, int(asked)) if (asked := request.args.get("page", "1")[:5]).isdigit() else 1
    here = listed[(number - 1) * ON_A_PAGE : number * ON_A_PAGE]
    visit.lists(tuple(one.client.client_id for one in here))
    return shown(
        "room/clients.html",
        listed=here,
        name=name,
        whose=request.args.get("whose", "") if whose else "",
        whose_name=visit.name_of(whose) if whose else None,
        all=len(found),
        found=len(named),
        number=number,
        more=len(listed) > number * ON_A_PAGE,
    )


def _whose(visit: Visit) -> UUID | None:
    """On whose team the clients are that are listed: one's own, or somebody's; None for all."""
    asked = request.args.get("whose", "")
    if asked == "mine":
        return visit.session.who.staff_id
    return next((name for name in visit.clinic.staff if str(name) == asked), None)


def _readable(visit: Visit, whose: UUID | None) -> list[Client]:
    """All that she may read, none by a reason: that is given for one record, never for a list."""
    who, house = replace(visit.who, reason=None), visit.rooms.house
    clinic_id = clinic_of(who)
    with house.engine.connect() as connection:
        found = [
            one
            for one in current.every_client(connection, house.vault, clinic_id)
            if _may_read(visit, one) and (whose is None or whose in one.team)
        ]
    return sorted(found, key=lambda client: _folded(client.name or ""))


def _weighed(visit: Visit, clients: list[Client]) -> list[Listed]:
    house, now = visit.rooms.house, visit.rooms.house.now()
    clinic_id, ids = clinic_of(visit.who), [client.client_id for client in clients]
    waiting = unread(visit)
    with house.engine.connect() as connection:
        goals = lately.goals_of(connection, house.vault, clinic_id, ids)
        entries = lately.entries_of(connection, clinic_id, ids, now - LOOKED_BACK)
    listed = [
        Listed(
            client,
            attention(
                client,
                goals[client.client_id],
                entries[client.client_id],
                now,
                unread=waiting.get(client.client_id, 0),
            ),
            goals[client.client_id],
            next_session(client, now),
        )
        for client in clients
    ]
    return sorted(listed, key=lambda one: one.attention.order)


def next_session(client: Client, now: datetime) -> datetime | None:
    """When she comes next, as far as it is known."""
    ahead = (s.starts_at for s in client.sessions.values() if s.status == "scheduled" and s.starts_at > now)
    return min(ahead, default=None)


def _may_read(visit: Visit, client: Client) -> bool:
    try:
        may_read(replace(visit.who, reason=None), client.client_id, client)
    except (Forbidden, NotThere, Gone):
        return False
    return True


def _is_named(client: Client, part: str) -> bool:
    return all(word in _folded(client.name or "") for word in _folded(part).split())


def _folded(text: str) -> str:
    parted = unicodedata.normalize("NFKD", text.casefold())
    return "".join(sign for sign in parted if not unicodedata.combining(sign))
