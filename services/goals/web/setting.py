"""Setting a goal: one calm form, a step for each SMART letter, her own words beside it."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4, uuid5

from flask import Response, request, url_for

from services.goals.api.answers import as_json
from services.goals.api.bodies import ReminderBody
from services.goals.api.goal_bodies import DraftBody, GoalBody, WordingBody
from services.goals.rules.access import may_be_advised
from services.goals.rules.client import Client
from services.goals.rules.commands import RecordCommand
from services.goals.rules.commands.client import PlanReminder
from services.goals.rules.commands.goal import DraftGoal, SetGoal
from services.goals.rules.refusal import NotThere, Refused
from services.goals.rules.wording.advice import Advice, Wording, advise
from services.goals.web import examples, goal_form, sent
from services.goals.web.client import reached
from services.goals.web.goal_form import Typed
from services.goals.web.language import language, say_in, tongue_of
from services.goals.web.pages import form, page, redirected
from services.goals.web.reaching import reach_page
from services.goals.web.shown import shown
from services.goals.web.standing import Standing, standing_of
from services.goals.web.visit import Visit
from shared.problems import Problem

OF_THE_WORDING = tuple(name for name in WordingBody().load_fields if name != "locale")


@page("/clients/<uuid:client>/goals/new")
def goal_new(visit: Visit, client: UUID) -> Response:
    """An empty form, for a goal that has its id before it is sent."""
    return _form(visit, standing_of(visit, client), uuid4(), {"agreed": "together", "focus": "yes"})


@page("/goals/<uuid:goal>/set")
def goal_set(visit: Visit, goal: UUID) -> Response:
    """The form with what a draft says already."""
    record = standing_of(visit, visit.client_of(goal))
    draft = record.by_id[goal]
    if draft.status != "draft":
        return redirected(url_for("room.adjust", goal=goal))
    return _form(visit, record, goal, goal_form.written(draft) | {"agreed": "together", "focus": "yes"})


@form("/clients/<uuid:client>/goals/<uuid:goal>")
def goal_sent(visit: Visit, client: UUID, goal: UUID) -> Response:
    """A goal is kept as a draft, or set; or what is still open is asked."""
    act = sent.text("act")
    if act == "ask":
        return _form(visit, standing_of(visit, client), goal, goal_form.typed())
    try:
        visit.handle_client(client, _command(goal, act))
    except (Problem, Refused) as error:
        sent.must_be_about_it(error)
        return _form(visit, standing_of(visit, client), goal, goal_form.typed(), sent.wrongs(error))
    return _reminded(visit, client, goal) if act == "set" else redirected(_onward(client))


@form("/smart", of_record=False)
def smart(visit: Visit) -> Response:
    """What is still open in a wording, as it is typed; nothing of it is kept."""
    may_be_advised(visit.who)
    return as_json(advice())


def advice() -> Advice:
    """By the same rule as POST /v1/smart; a field that cannot be read yet is left out."""
    body = {name: value for name, value in goal_form.body().items() if name in OF_THE_WORDING}
    try:
        read = sent.read(WordingBody(), body | {"locale": language()})
    except Problem as error:
        wrong = sent.wrongs(error)
        left = {name: value for name, value in body.items() if name not in wrong}
        read = sent.read(WordingBody(), left | {"locale": language()})
    return advise(Wording(**read))


def _command(goal_id: UUID, act: str | None) -> RecordCommand:
    body = goal_form.body()
    if act != "set":
        words = {name: body[name] for name in ("theme", "statement", "reflection") if name in body}
        read = sent.read(DraftBody(), words | {"status": "draft"})
        del read["status"]
        return DraftGoal(goal_id=goal_id, **read)
    read = sent.read(GoalBody(), body | {"status": "active", "focus": "focus" in request.form})
    del read["status"]
    if "review_on" in read:
        read["review_on"] = tuple(sorted(read["review_on"]))
    return SetGoal(goal_id=goal_id, **read)


def _reminded(visit: Visit, client_id: UUID, goal_id: UUID) -> Response:
    """The goal is set; a reminder of its practice is planned where one was asked for."""
    channel, cadence = sent.text("remind"), sent.cadence()
    if channel is None or cadence is None:
        return redirected(_onward(client_id))
    body = {"kind": "practice", "channel": channel, "goal_id": str(goal_id), "cadence": cadence}
    try:
        read = sent.read(ReminderBody(), body)
        visit.handle_client(client_id, PlanReminder(reminder_id=uuid5(goal_id, channel), **read))
    except (Problem, Refused) as error:
        sent.must_be_about_it(error)
        return reach_page(visit, client_id, sent.wrongs(error), "reminders")
    return redirected(_onward(client_id))


def _onward(client_id: UUID) -> str:
    return url_for("room.client", client=client_id, saved="", _anchor="goals")


def _form(
    visit: Visit, record: Standing, goal_id: UUID, typed: Typed, wrong: sent.Wrongs | None = None
) -> Response:
    known = record.by_id.get(goal_id)
    if known is not None and known.client_id != record.client.client_id:
        raise NotThere
    asked: dict[str, Any] = {letter.letter: letter for letter in _advice_on(typed).letters}
    return shown(
        "room/set-goal.html",
        422 if wrong else 200,
        record=record,
        her=record.client,
        goal_id=goal_id,
        first_words=known.first_words if known else None,
        typed=typed,
        wrong=wrong,
        asked=asked,
        examples=examples.examples(),
        reached=reached(record.client),
        phone=_on_the_phone(visit, record.client),
    )


def _on_the_phone(visit: Visit, her: Client) -> str:
    """A reminder as it will look, in her language; the words vary, and never name the goal."""
    tongue = tongue_of(her.locale)
    return say_in(
        tongue,
        "%(sender)s: a small reminder about %(label)s, if now is a good time. Reply DONE, LATER or PAUSE."
        " STOP to end.",
        sender=visit.clinic.sender,
        label=her.preferences.label or say_in(tongue, "your practice"),
    )


def _advice_on(typed: Typed) -> Advice:
    """Of a form that was sent what it lacks; of a draft what its words say."""
    if request.method == "POST":
        return advice()
    words = {name: typed.get(name) or None for name in ("statement", "specific", "relevance")}
    return advise(Wording(locale=language(), **words))
