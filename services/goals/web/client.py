"""A client's page: what wants an eye, what she works on, what went well, when she comes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from flask import Response, request, url_for

from services.goals import lately
from services.goals.api.bodies import SessionBody
from services.goals.api.goal_bodies import WinBody
from services.goals.rules.access import clinic_of
from services.goals.rules.attention import review_due
from services.goals.rules.client import Client, Consent
from services.goals.rules.commands import RecordCommand
from services.goals.rules.commands.client import ReviewFlag, SetSession, WithdrawConsent
from services.goals.rules.commands.win import RecordWin
from services.goals.rules.goal import Goal
from services.goals.rules.refusal import Refused
from services.goals.rules.voids import voided_by
from services.goals.web import sent
from services.goals.web.pages import form, page, redirected
from services.goals.web.shown import shown
from services.goals.web.standing import Standing, standing_of
from services.goals.web.visit import Visit
from services.goals.web.written import written
from shared.events import Channel, WinRecorded
from shared.problems import Problem


@dataclass(frozen=True)
class Win:
    """Something that went well, on a goal or on none."""

    on: date
    kind: str
    text: str | None
    goal: Goal | None


@page("/clients/<uuid:client>")
def client(visit: Visit, client: UUID) -> Response:
    """All that one wants to know of a client at a glance."""
    return overview(visit, client)


@form("/clients/<uuid:client>/wins")
def win_sent(visit: Visit, client: UUID) -> Response:
    """Something that went well, with or without a goal."""
    typed = sent.texts("kind", "text", "on")
    goal = sent.named("goal") if sent.text("goal") else None

    def win() -> RecordCommand:
        return RecordWin(win_id=sent.named("id"), goal_id=goal, **sent.read(WinBody(), typed))

    return _attempted(visit, client, win, "wins")


@form("/clients/<uuid:client>/sessions")
def session_sent(visit: Visit, client: UUID) -> Response:
    """A session is planned; the time is by the clinic's clock."""

    def session() -> RecordCommand:
        starts_at = sent.local_moment("starts_at", visit.clinic.time_zone)
        return SetSession(session_id=sent.named("id"), **sent.read(SessionBody(), {"starts_at": starts_at}))

    return _attempted(visit, client, session, "sessions")


@form("/clients/<uuid:client>/sessions/<uuid:session>")
def session_was(visit: Visit, client: UUID, session: UUID) -> Response:
    """A session was attended, or does not take place."""

    def session_set() -> RecordCommand:
        body = {"starts_at": sent.text("starts_at"), "status": sent.text("status")}
        return SetSession(session_id=session, **sent.read(SessionBody(), body))

    return _attempted(visit, client, session_set, "sessions")


@form("/clients/<uuid:client>/flags/<uuid:flag>")
def flag_seen(visit: Visit, client: UUID, flag: UUID) -> Response:
    """Somebody has looked at a flag."""
    return _attempted(visit, client, lambda: ReviewFlag(flag_id=flag), "flags")


@form("/clients/<uuid:client>/stop")
def stop(visit: Visit, client: UUID) -> Response:
    """She asked to stop: every consent that is in force is withdrawn, at one press."""
    in_force = consents_in_force(standing_of(visit, client).client)
    for consent_id, consent in in_force.items():
        visit.handle_client(client, WithdrawConsent(consent_id=consent_id, scope=consent.scope))
    return redirected(url_for("room.client", client=client, stopped="", _anchor="messages"))


def overview(
    visit: Visit, client_id: UUID, wrong: sent.Wrongs | None = None, at: str | None = None
) -> Response:
    """The page; with what was wrong where a form of it was not taken, and what was typed still in it."""
    record, now = standing_of(visit, client_id), visit.rooms.house.now()
    her = record.client
    return shown(
        "room/client.html",
        422 if wrong else 200,
        record=record,
        her=her,
        now=now,
        wins=wins(visit, record),
        due={goal.goal_id: review_due(goal, record.today) for goal in record.goals},
        flags={name: flag for name, flag in her.flags.items() if flag.reviewed_at is None},
        written=written(visit, her),
        sessions=_sessions(her, now),
        in_force=consents_in_force(her),
        reached=reached(her),
        ended=[end for end in her.care_ends.values() if end.resumed_at is None],
        typed=request.form if wrong else {},
        wrong=wrong,
        at=at,
        zone=visit.clinic.time_zone,
    )


def wins(visit: Visit, record: Standing) -> list[Win]:
    """Her wins that were not taken back, the latest first."""
    house, client_id = visit.rooms.house, record.client.client_id
    with house.engine.connect() as connection:
        events = lately.wins_of(connection, house.vault, clinic_of(visit.who), client_id)
    voided = {voided_by(event.stream_id, event.data) for event in events}
    found = [
        Win(event.data.on, event.data.kind, event.data.text, record.by_id.get(event.stream_id))
        for event in events
        if isinstance(event.data, WinRecorded) and event.event_id not in voided
    ]
    return sorted(found, key=lambda win: win.on, reverse=True)


def consents_in_force(her: Client) -> dict[UUID, Consent]:
    """What she agrees to now, for a contact that she still has."""
    contacts = {contact.contact_id for contact in her.contacts.values()}
    return {name: one for name, one in her.consents.items() if one.in_force and one.contact_id in contacts}


def reached(her: Client) -> dict[Channel, str]:
    """How it stands with each channel: stopped, off, unverified or on."""
    agreed = {one.scope for one in consents_in_force(her).values()}
    stand: dict[Channel, str] = {}
    for channel in ("sms", "email"):
        contact = her.contacts.get(channel)
        if channel in her.stops.channels:
            stand[channel] = "stopped"
        elif contact is None:
            stand[channel] = "none"
        elif channel not in agreed:
            stand[channel] = "off"
        else:
            stand[channel] = "on" if contact.verified_by else "unverified"
    return stand


def _sessions(her: Client, now: datetime) -> list[tuple[UUID, datetime, str]]:
    """Those to come and the latest that were, in the order of their times."""
    known = sorted((one.starts_at, name, one.status) for name, one in her.sessions.items())
    past = [one for one in known if one[0] <= now][-3:]
    coming = [one for one in known if one[0] > now and one[2] == "scheduled"][:3]
    return [(name, starts_at, status) for starts_at, name, status in (*past, *coming)]


def _attempted(visit: Visit, client_id: UUID, command: sent.Asked, at: str) -> Response:
    """To the page when it was taken; else the page again, with what is wrong."""
    try:
        visit.handle_client(client_id, command())
    except (Problem, Refused) as error:
        sent.must_be_about_it(error)
        return overview(visit, client_id, sent.wrongs(error), at)
    return redirected(url_for("room.client", client=client_id, saved="", _anchor=at))
