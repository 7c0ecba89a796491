"""The bodies of what is asked about clinics and clients, by the names of the events' fields."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, get_args

from marshmallow import RAISE, Schema, ValidationError, fields, post_load, pre_load

from services.goals.api.fields import (
    Choice,
    Country,
    Email,
    Flag,
    Id,
    Instant,
    Line,
    LocalDay,
    Locale,
    Neutral,
    Phone,
    Text,
    WallClock,
    Whole,
    Zone,
)
from shared.events import Agreed, Cadence, Channel, Day, ErasureDecision, ReasonCode, ReminderKind, StaffRole

DAYS: tuple[Day, ...] = get_args(Day)
MOST_TIMES = 24


class Body(Schema):
    """A JSON object whose fields are all known; null is the same as leaving a field out."""

    class Meta:
        """What is not known is refused."""

        unknown = RAISE

    error_messages = {  # noqa: RUF012  # marshmallow's way
        "unknown": "There is no such field here.",
        "type": "A JSON object is expected.",
    }

    @pre_load
    def leave_out_nulls(self, data: Any, **_: Any) -> Any:
        """A field that may be left out may be null as well: a state can be sent back as it was read."""
        if not isinstance(data, dict):
            return data
        return {
            name: value
            for name, value in data.items()
            if value is not None or name not in self.load_fields or self.load_fields[name].required
        }


def needed() -> dict[str, Any]:
    """What makes a field one that cannot be left out."""
    wrong = "This is needed."
    return {"required": True, "error_messages": {"required": wrong, "null": wrong}}


def there(wrong: str) -> dict[str, Any]:
    """What makes a field one that may be null, but not left out."""
    return {"required": True, "error_messages": {"required": wrong}}


def unique(values: Sequence[Any]) -> None:
    """Refuses a list that is empty or names something twice."""
    if not values:
        raise ValidationError("At least one is needed.")
    if len(set(values)) != len(values):
        raise ValidationError("Each is named once.")


def at_most(most: int) -> Any:
    """Refuses a list that is longer than this."""

    def check(values: Sequence[Any]) -> None:
        if len(values) > most:
            raise ValidationError(f"At most {most} are taken.")

    return check


class CadenceBody(Body):
    """When, in the client's local time."""

    days = fields.List(Choice(*DAYS), validate=[unique], **needed())
    times = fields.List(WallClock(), validate=[unique, at_most(MOST_TIMES)], **needed())

    @post_load
    def build(self, data: dict[str, Any], **_: Any) -> Cadence:
        """The cadence in its one order, so that the same said in another order is the same."""
        return Cadence(days=tuple(sorted(data["days"], key=DAYS.index)), times=tuple(sorted(data["times"])))


class ClinicBody(Body):
    """A clinic's settings, whole."""

    name = Line(**needed())
    sender = Neutral(20, "Northside", **needed())
    phone = Phone(**needed())
    country = Country(**needed())
    locale = Locale(**needed())
    time_zone = Zone(**needed())
    quiet_start = WallClock(load_default="21:00")
    quiet_end = WallClock(load_default="08:00")
    cover_email = Email()


class StaffBody(Body):
    """Somebody of the staff."""

    role = Choice(*get_args(StaffRole), **needed())
    name = Line(**needed())
    email = Email(**needed())


class ClientBody(Body):
    """A client who begins; Cairn serves adults who consent for themselves."""

    name = Line(**needed())
    locale = Locale(**needed())
    time_zone = Zone(**needed())
    adult = Flag(**needed())


class TeamBody(Body):
    """Who works with a client, whole."""

    staff_ids = fields.List(Id(), validate=[unique, at_most(50)], **needed())
    reason = Text()


class ContactBody(Body):
    """A number (for sms, E.164) or an e-mail address (for email)."""

    address = Line(254, **needed())
    verified_by = Choice("reply", "link", "seen")


class PreferencesBody(Body):
    """How she wants to be reached; what is left out is the default."""

    time_zone = Zone()
    locale = Locale()
    quiet_start = WallClock()
    quiet_end = WallClock()
    daily_cap = Whole(0, 10)
    weekly_cap = Whole(0, 50)
    label = Neutral(30, "morning walk")


class ConsentBody(Body):
    """What she agreed to; without contact_id it is the channel's current contact."""

    text_version = Line(40, **needed())
    contact_id = Id()
    locale = Locale()
    given_by = Choice("client", "therapist")
    time = Instant()


class ReminderBody(Body):
    """A reminder in her local time."""

    kind = Choice(*get_args(ReminderKind), **needed())
    channel = Choice(*get_args(Channel), **needed())
    goal_id = Id()
    cadence = fields.Nested(CadenceBody)
    active = Flag(load_default=True)


class SessionBody(Body):
    """A session with her therapist."""

    starts_at = Instant(**needed())
    status = Choice("scheduled", "attended", "cancelled", load_default="scheduled")


class ErasureBody(Body):
    """Her erasure is asked for; who asks is known from the token."""

    time = Instant()


class ErasureDecisionBody(Body):
    """What was decided, on which ground; a refusal names the last day that the record must be kept."""

    decision = Choice(*get_args(ErasureDecision), **needed())
    ground = Text(**needed())
    retain_until = LocalDay()


AGREED = get_args(Agreed)
REASON_CODES = get_args(ReasonCode)
