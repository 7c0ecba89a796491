"""The lines of the documented form, by the names of the API's bodies (docs/import.md)."""

from __future__ import annotations

from typing import get_args

from marshmallow import fields

from services.goals.api.bodies import (
    Body,
    CadenceBody,
    ClientBody,
    ConsentBody,
    PreferencesBody,
    at_most,
    needed,
    unique,
)
from services.goals.api.fields import Choice, Email, Instant, Line, LocalDay, Locale, Phone, Reference, Zone
from services.goals.api.goal_bodies import (
    ClosureBody,
    DraftBody,
    GoalBody,
    MeasureBody,
    PracticeBody,
    RatingBody,
    WinBody,
)
from shared.events import Channel, Rater, Via


class SmsBody(Body):
    """Her number."""

    address = Phone(**needed())
    verified_by = Choice("reply", "link", "seen")


class EmailBody(Body):
    """Her address."""

    address = Email(**needed())
    verified_by = Choice("reply", "link", "seen")


class ContactsBody(Body):
    """How she is reached."""

    sms = fields.Nested(SmsBody)
    email = fields.Nested(EmailBody)


class ClientLine(ClientBody):
    """A client; all that is said of her follows."""

    what = Choice("client", **needed())
    id = Reference(**needed())
    locale = Locale()
    time_zone = Zone()
    team = fields.List(Line(254), validate=[unique, at_most(50)])
    contacts = fields.Nested(ContactsBody)
    preferences = fields.Nested(PreferencesBody)
    since = LocalDay()
    time = Instant()


class GoalLine(GoalBody):
    """A goal of hers, set."""

    what = Choice("goal", **needed())
    client = Reference(**needed())
    id = Reference(**needed())
    time = Instant()


class DraftLine(DraftBody):
    """A goal of hers in her own words."""

    what = Choice("goal", **needed())
    client = Reference(**needed())
    id = Reference(**needed())
    time = Instant()


class PracticeLine(PracticeBody):
    """She practised."""

    what = Choice("practice", **needed())
    client = Reference(**needed())
    goal = Reference(**needed())
    id = Reference()
    via = Choice(*get_args(Via))


class RatingLine(RatingBody):
    """She, or her therapist, rated a goal."""

    class Meta(RatingBody.Meta):
        """The sessions of elsewhere are not known here."""

        exclude = ("session_id",)

    what = Choice("rating", **needed())
    client = Reference(**needed())
    goal = Reference(**needed())
    id = Reference()
    rater = Choice(*get_args(Rater), **needed())
    on = LocalDay()


class WinLine(WinBody):
    """A win, of a goal or of none."""

    what = Choice("win", **needed())
    client = Reference(**needed())
    goal = Reference()
    id = Reference()


class ConsentLine(ConsentBody):
    """What she agreed to, and until when."""

    class Meta(ConsentBody.Meta):
        """It is of the contact that came with her."""

        exclude = ("contact_id",)

    what = Choice("consent", **needed())
    client = Reference(**needed())
    scope = Choice(*get_args(Channel), **needed())
    id = Reference()
    via = Choice(*get_args(Via))
    on = LocalDay()
    withdrawn_at = Instant()


class EndLine(ClosureBody):
    """How a goal ended."""

    what = Choice("end", **needed())
    client = Reference(**needed())
    goal = Reference(**needed())
    id = Reference()
    on = LocalDay()


LINES: dict[str, Body] = {
    "client": ClientLine(),
    "goal": GoalLine(),
    "draft": DraftLine(),
    "practice": PracticeLine(),
    "rating": RatingLine(),
    "win": WinLine(),
    "consent": ConsentLine(),
    "end": EndLine(),
}
"""By what they tell of; a goal that is a draft has a form of its own."""
FIELDS = frozenset(
    name
    for body in (*LINES.values(), ContactsBody(), SmsBody(), PreferencesBody(), MeasureBody(), CadenceBody())
    for name in body.load_fields
)
"""What a field may be called; whatever else stands there may be somebody's words."""
TOLD = tuple(name for name in LINES if name != "draft")
