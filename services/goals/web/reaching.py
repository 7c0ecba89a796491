"""How a client is reached: numbers and addresses, what she agrees to, her hours, her reminders."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response, request, url_for
from marshmallow import ValidationError

from services.goals.api import fields
from services.goals.api.bodies import ConsentBody, ContactBody, PreferencesBody, ReminderBody
from services.goals.api.care_bodies import CareEndBody, RemindersPauseBody
from services.goals.api.problems import invalid
from services.goals.rules.commands import RecordCommand
from services.goals.rules.commands.client import (
    CancelReminder,
    EndCare,
    GiveConsent,
    PauseReminders,
    PlanReminder,
    RemoveContact,
    ResumeCare,
    ResumeReminders,
    SetContact,
    SetPreferences,
    WithdrawConsent,
)
from services.goals.rules.refusal import Refused
from services.goals.web import consent_texts, sent
from services.goals.web.agreed import agreed
from services.goals.web.client import consents_in_force, reached
from services.goals.web.pages import form, page, redirected
from services.goals.web.shown import shown
from services.goals.web.standing import standing_of
from services.goals.web.visit import Visit
from shared.problems import Problem, Wrong

PLACE = "/clients/<uuid:client>/reach"
CHANNEL = "<any(sms,email):channel>"


@page(PLACE)
def reach(visit: Visit, client: UUID) -> Response:
    """How she is reached, and what she agreed to."""
    return reach_page(visit, client)


@form(f"{PLACE}/contacts/{CHANNEL}")
def contact_sent(visit: Visit, client: UUID, channel: Any) -> Response:
    """Her number or her address; and, where it is ticked, that she agrees to messages there."""

    def contact() -> RecordCommand:
        body = sent.read(ContactBody(), sent.texts("address") | {"verified_by": _seen()})
        try:
            read = (fields.phone if channel == "sms" else fields.email)(body["address"])
        except ValidationError as error:
            raise invalid((Wrong("#/address", str(error.messages[0])),)) from error
        return SetContact(channel=channel, address=read, verified_by=body.get("verified_by"))

    return _attempted(visit, client, contact, channel)


@form(f"{PLACE}/contacts/{CHANNEL}/remove")
def contact_removed(visit: Visit, client: UUID, channel: Any) -> Response:
    """It is no longer hers."""
    return _attempted(visit, client, lambda: RemoveContact(channel=channel), channel)


@form(f"{PLACE}/consents/{CHANNEL}")
def consent_sent(visit: Visit, client: UUID, channel: Any) -> Response:
    """She agrees to messages on a channel, in the words that she was shown."""

    def consent() -> RecordCommand:
        if "agrees" not in request.form:
            raise invalid((Wrong("#/agrees", "Tick it once she has said so."),))
        body = {"text_version": consent_texts.VERSION, "given_by": "client"}
        return GiveConsent(consent_id=sent.named("id"), scope=channel, **sent.read(ConsentBody(), body))

    return _attempted(visit, client, consent, channel)


@form(f"{PLACE}/consents/{CHANNEL}/<uuid:consent>/withdraw")
def consent_withdrawn(visit: Visit, client: UUID, channel: Any, consent: UUID) -> Response:
    """She no longer agrees."""
    command = WithdrawConsent(consent_id=consent, scope=channel)
    return _attempted(visit, client, lambda: command, channel)


@form(f"{PLACE}/preferences")
def preferences_sent(visit: Visit, client: UUID) -> Response:
    """How she wants to be reached, whole."""

    def preferences() -> RecordCommand:
        body = sent.texts("label", "time_zone", "locale", "quiet_start", "quiet_end")
        body |= {name: sent.whole(name) for name in ("daily_cap", "weekly_cap") if sent.text(name)}
        return SetPreferences(**sent.read(PreferencesBody(), body))

    return _attempted(visit, client, preferences, "preferences")


@form(f"{PLACE}/reminders")
def reminder_sent(visit: Visit, client: UUID) -> Response:
    """A reminder in her local time."""

    def reminder() -> RecordCommand:
        body = sent.texts("kind", "channel", "goal_id")
        if sent.text("kind") == "practice" or request.form.getlist("days"):
            body["cadence"] = sent.cadence()
        return PlanReminder(reminder_id=sent.named("id"), **sent.read(ReminderBody(), body))

    return _attempted(visit, client, reminder, "reminders")


@form(f"{PLACE}/reminders/<uuid:reminder>/end")
def reminder_ended(visit: Visit, client: UUID, reminder: UUID) -> Response:
    """A reminder ends."""
    return _attempted(visit, client, lambda: CancelReminder(reminder_id=reminder), "reminders")


@form(f"{PLACE}/pauses")
def reminders_paused(visit: Visit, client: UUID) -> Response:
    """All her reminders rest."""

    def pause() -> RecordCommand:
        return PauseReminders(
            pause_id=sent.named("id"), **sent.read(RemindersPauseBody(), sent.texts("until"))
        )

    return _attempted(visit, client, pause, "rest")


@form(f"{PLACE}/pauses/<uuid:pause>/resume")
def reminders_resumed(visit: Visit, client: UUID, pause: UUID) -> Response:
    """Her reminders go on."""
    return _attempted(visit, client, lambda: ResumeReminders(pause_id=pause), "rest")


@form(f"{PLACE}/care-ends")
def care_ended(visit: Visit, client: UUID) -> Response:
    """Her care at the clinic ends: nothing is sent from then on."""

    def end() -> RecordCommand:
        return EndCare(care_end_id=sent.named("id"), **sent.read(CareEndBody(), sent.texts("reason", "on")))

    return _attempted(visit, client, end, "care")


@form(f"{PLACE}/care-ends/<uuid:care_end>/resume")
def care_resumed(visit: Visit, client: UUID, care_end: UUID) -> Response:
    """Her care goes on."""
    return _attempted(visit, client, lambda: ResumeCare(care_end_id=care_end), "care")


def reach_page(
    visit: Visit, client_id: UUID, wrong: sent.Wrongs | None = None, at: str | None = None
) -> Response:
    """The page; with what was wrong where a form of it was not taken, and what was typed still in it."""
    record = standing_of(visit, client_id)
    her = record.client
    return shown(
        "room/reach.html",
        422 if wrong else 200,
        her=her,
        record=record,
        clinic=visit.clinic,
        reached=reached(her),
        in_force=consents_in_force(her),
        consents=agreed(visit, client_id),
        agreements=consent_texts.texts(visit.clinic),
        rests={
            name: one
            for name, one in her.pauses.items()
            if one.resumed_at is None and (one.until is None or one.until >= record.today)
        },
        ended={name: one for name, one in her.care_ends.items() if one.resumed_at is None},
        typed=request.form if wrong else {},
        wrong=wrong,
        at=at,
    )


def _attempted(visit: Visit, client_id: UUID, command: sent.Asked, at: str) -> Response:
    try:
        visit.handle_client(client_id, command())
    except (Problem, Refused) as error:
        sent.must_be_about_it(error)
        return reach_page(visit, client_id, sent.wrongs(error), at)
    return redirected(url_for("room.reach", client=client_id, saved="", _anchor=at))


def _seen() -> str | None:
    """Whether the therapist has seen that it is hers; else she is asked at the number itself."""
    return "seen" if "seen" in request.form else None
