"""What follows from a text of hers: what is answered, what the log must know, what is held. Pure."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any, Literal
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

import msgspec

from services.reminders.rules import answers
from services.reminders.rules.answers import Speaker
from services.reminders.rules.cadence import instant
from services.reminders.rules.crisis import listening
from services.reminders.rules.hours import local_day
from services.reminders.rules.person import Person
from services.reminders.rules.replies.reply import LETTERS, UNKNOWN, Intent, Reply
from shared import paths
from shared.wire import rfc3339

Method = Literal["PUT", "DELETE"]
Acknowledged = Literal["done", "win", "rating"]
QUIET_AFTER_A_FLAG = timedelta(hours=24)
"""Nothing is initiated for so long after a phrase of despair."""


class About(msgspec.Struct, frozen=True, kw_only=True):
    """What is known as the text comes in. Without a person the number is nobody's that we know."""

    inbound_id: UUID
    now: datetime
    speaker: Speaker
    person: Person | None = None
    goals: tuple[UUID, ...] = ()
    """Those that the letters A, B and C mean to her now."""
    meant: Reply | None = None
    """What she had said when we asked which goal she means."""
    has_slot: bool = False
    """Whether there is a reminder that LATER can mean."""
    pauses: tuple[UUID, ...] = ()
    """The rests that RESUME would end."""
    link: str | None = None
    """Her page."""
    told_lately: bool = False
    """Whether she had the answer to what nobody understands within the hour."""
    opted_out: bool = False


class Bring(msgspec.Struct, frozen=True):
    """A fact for the log: the event that it comes to, how it is asked for, and its fields."""

    kind: str
    method: Method
    path: str
    body: dict[str, Any] | None = None


class Response(msgspec.Struct, frozen=True, kw_only=True):
    """All that follows, each part None or empty where nothing does."""

    answer: str | None = None
    """Ready words, sent at once."""
    acknowledges: Acknowledged | None = None
    """The answer to this comes once the log has taken the first of the facts, with what that earned."""
    facts: tuple[Bring, ...] = ()
    opt: Literal["out", "in"] | None = None
    quiet_until: datetime | None = None
    quiet: Literal["after_flag", "resting", "paused"] | None = None
    resumes: bool = False
    asks: Reply | None = None
    """What she meant, when the answer asks of which goal."""
    again_in: timedelta | None = None
    """LATER: the same slot once more."""
    unsafe: bool = False
    wrong_number: bool = False


def respond(reply: Reply, about: About) -> Response:
    """What follows from a reply. To a number that is nobody's, or has opted out, little is said."""
    if reply.intent == "opt_out":
        return _opted_out(reply, about)
    if reply.intent == "safety":
        return _unsafe(reply, about)
    if about.person is None:
        return _stranger(reply, about)
    if reply.intent == "opt_in":
        return _opted_in(about, about.person)
    if about.opted_out:
        return (
            Response(answer=answers.answer(about.speaker, "answer help"))
            if reply.intent == "help"
            else Response()
        )
    return _RULES[reply.intent](reply, about, about.person)


def _opted_out(reply: Reply, about: About) -> Response:
    place = "answer stopped unsafe" if reply.safety else "answer stopped"
    said = answers.answer(about.speaker, place)
    if about.person is None:
        return Response(answer=said, opt="out", unsafe=reply.safety)
    if not reply.safety:
        return Response(answer=said, opt="out")
    # Her other channel, and this one should she START again, are as silent as after any such phrase.
    return _flagged(Response(answer=said, opt="out", facts=(_flag(about, about.person),)), about)


def _unsafe(reply: Reply, about: About) -> Response:
    said = answers.signpost(about.speaker)
    if about.person is None:
        return Response(answer=said)
    beside = respond(reply.rest or UNKNOWN, msgspec.structs.replace(about, told_lately=True))
    return _flagged(Response(answer=said, facts=(_flag(about, about.person), *beside.facts)), about)


def _stranger(reply: Reply, about: About) -> Response:
    if about.told_lately or about.opted_out:
        return Response()
    place = "answer who" if reply.intent == "who" else "answer stranger"
    return Response(answer=answers.answer(about.speaker, place))


def _opted_in(about: About, person: Person) -> Response:
    contact = next(((key, one) for key, one in person.contacts.items() if one.channel == "sms"), None)
    if contact is None or contact[1].address is None:
        return _stranger(UNKNOWN, about)
    contact_id, known = contact
    in_force = any(
        c.in_force and c.contact_id == contact_id and c.scope == "sms" for c in person.consents.values()
    )
    facts = []
    if not known.verified:
        body = {"address": known.address, "verified_by": "reply"}
        facts.append(Bring("client.contact_set", "PUT", paths.contact(person.client_id, "sms"), body))
    if not in_force or about.opted_out:
        path = paths.consent(person.client_id, "sms", _named(about, 0))
        facts.append(Bring("consent.given", "PUT", path, {"text_version": "sms-start-1"}))
    place = "answer started" if about.opted_out or known.verified else "answer verified"
    return Response(answer=answers.answer(about.speaker, place), opt="in", facts=tuple(facts))


def _wrong_number(_: Reply, about: About, person: Person) -> Response:
    gone = Bring("client.contact_removed", "DELETE", paths.contact(person.client_id, "sms"))
    said = answers.answer(about.speaker, "answer wrong number")
    return Response(answer=said, opt="out", facts=(gone,), wrong_number=True)


def _rest(_: Reply, about: About, person: Person) -> Response:
    tomorrow = local_day(person.time_zone, about.now) + timedelta(days=1)
    said = answers.answer(about.speaker, "answer rest")
    return Response(answer=said, quiet_until=_begins(person, tomorrow), quiet="resting")


def _answer(reply: Reply, about: About, person: Person) -> Response:
    if about.meant is None:
        return _unknown(reply, about, person)
    meant = msgspec.structs.replace(about.meant, goal=reply.goal)
    return _RULES[meant.intent](meant, about, person)


def _done(reply: Reply, about: About, _: Person) -> Response:
    body = {"quantity": reply.value, "note": reply.note, "time": rfc3339(about.now)}
    return _of_goal(reply, about, "practice.logged", "done", paths.practice, body)


def _rating(reply: Reply, about: About, _: Person) -> Response:
    body = {"value": reply.value, "time": rfc3339(about.now)}
    return _of_goal(reply, about, "rating.recorded", "rating", paths.rating, body)


def _win(reply: Reply, about: About, person: Person) -> Response:
    body = {"text": reply.value, "time": rfc3339(about.now)}
    win = Bring("win.recorded", "PUT", paths.win(person.client_id, _named(about, 0)), body)
    return Response(acknowledges="win", facts=(win,))


def _later(reply: Reply, about: About, _: Person) -> Response:
    if not about.has_slot:
        return Response(answer=answers.answer(about.speaker, "answer later none"))
    return Response(
        answer=answers.answer(about.speaker, "answer later"), again_in=timedelta(hours=reply.value)
    )


def _pause(reply: Reply, about: About, person: Person) -> Response:
    last = local_day(person.time_zone, about.now) + timedelta(days=reply.value - 1)
    path = paths.pause(person.client_id, _named(about, 0))
    paused = Bring("reminders.paused", "PUT", path, {"until": last.isoformat()})
    back = last + timedelta(days=1)
    said = answers.answer(about.speaker, "answer paused", day=answers.day_in(about.speaker, back))
    return Response(answer=said, facts=(paused,), quiet_until=_begins(person, back), quiet="paused")


def _resume(_: Reply, about: About, person: Person) -> Response:
    ended = [
        Bring("reminders.resumed", "DELETE", paths.pause(person.client_id, pause)) for pause in about.pauses
    ]
    said = answers.answer(about.speaker, "answer resumed")
    return Response(answer=said, facts=tuple(ended), resumes=True)


def _plan(_: Reply, about: About, __: Person) -> Response:
    if about.link is None:
        return Response(answer=answers.answer(about.speaker, "answer plan none"))
    return Response(answer=answers.answer(about.speaker, "answer plan", link=about.link))


def _which(reply: Reply, about: About, _: Person) -> Response:
    letters = ", ".join(reply.value[: len(about.goals)])
    said = answers.answer(about.speaker, "answer which", letters=letters)
    return Response(answer=said, asks=reply.meant or about.meant)


def _plainly(place: str) -> Callable[[Reply, About, Person], Response]:
    def say(_: Reply, about: About, __: Person) -> Response:
        return Response(answer=answers.answer(about.speaker, place))

    return say


def _unknown(_: Reply, about: About, __: Person) -> Response:
    if about.told_lately:
        return Response()
    return Response(answer=answers.answer(about.speaker, "answer unknown"))


def _of_goal(
    reply: Reply,
    about: About,
    kind: str,
    what: Acknowledged,
    path: Callable[[UUID, UUID], str],
    body: dict[str, Any],
) -> Response:
    goal_id = _goal(reply.goal, about.goals)
    if goal_id is None:
        return Response(answer=answers.answer(about.speaker, "answer nothing open"))
    given = {name: value for name, value in body.items() if value is not None}
    return Response(acknowledges=what, facts=(Bring(kind, "PUT", path(goal_id, _named(about, 0)), given),))


def _goal(named: str | None, goals: tuple[UUID, ...]) -> UUID | None:
    """The goal of a letter, or of its id; without either the only one there is."""
    if named is None:
        return goals[0] if goals else None
    place = LETTERS.find(named.lower()) if len(named) == 1 else -1
    if place >= 0:
        return goals[place] if place < len(goals) else None
    return next((goal for goal in goals if str(goal) == named), None)


def _flag(about: About, person: Person) -> Bring:
    body = {
        "message_ref": str(about.inbound_id),
        "crisis_line": listening(about.speaker.crisis),
        "rule": "safety phrases, list 2",
    }
    return Bring("safety.flagged", "PUT", paths.flag(person.client_id, _named(about, 9)), body)


def _flagged(response: Response, about: About) -> Response:
    until = about.now + QUIET_AFTER_A_FLAG
    return msgspec.structs.replace(response, quiet_until=until, quiet="after_flag", unsafe=True)


def _named(about: About, number: int) -> UUID:
    """The id of the so-manieth fact of a text: the same text heard twice is the same fact."""
    return uuid5(about.inbound_id, str(number))


def _begins(person: Person, day: date) -> datetime:
    return instant(ZoneInfo(person.time_zone), day, "00:00")


_RULES: dict[Intent, Callable[[Reply, About, Person], Response]] = {
    "wrong_number": _wrong_number,
    "who": _plainly("answer who"),
    "help": _plainly("answer help"),
    "rest": _rest,
    "answer": _answer,
    "done": _done,
    "win": _win,
    "rating": _rating,
    "later": _later,
    "pause": _pause,
    "resume": _resume,
    "plan": _plan,
    "ask_which": _which,
    "ask_again": _plainly("answer again"),
    "unknown": _unknown,
}
