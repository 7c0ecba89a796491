"""The story of one client, told through the real path: HTTP in, messages out, and the history at the end."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

STATEMENT = "I want to practice deep breathing exercises twice a day to manage my anxiety over the next month"
WIN = "I showed up today even though I wanted to cancel"
NAME = "Maya Okafor"
NUMBER = "+15035550142"
ADDRESS = "maya.okafor@example.org"
THERAPIST = "ana.ruiz@example.org"
CONSENT_TEXT = "2026-11"
EVERY_DAY = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]

CITIES = (
    "Pacific/Honolulu", "America/Anchorage", "America/Los_Angeles", "America/Denver", "America/Chicago",
    "America/New_York", "America/Halifax", "America/Sao_Paulo", "Atlantic/South_Georgia", "Atlantic/Azores",
    "Europe/London", "Europe/Madrid", "Europe/Athens", "Europe/Istanbul", "Asia/Dubai", "Asia/Karachi",
    "Asia/Dhaka", "Asia/Bangkok", "Asia/Singapore", "Asia/Tokyo", "Australia/Brisbane", "Pacific/Noumea",
    "Pacific/Auckland", "Pacific/Tongatapu",
)  # fmt: skip
"""One for each hour: she lives where it is late morning now, so that the story is always the same."""


@dataclass(frozen=True)
class Step:
    """One thing that somebody does: what it is in words, and the request that does it."""

    what: str
    who: str
    method: str
    path: str
    body: dict[str, Any] | None = None
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Story:
    """Who it is about, and where she lives."""

    zone: str
    now: datetime
    clinic: UUID = field(default_factory=uuid4)
    therapist: UUID = field(default_factory=uuid4)
    client: UUID = field(default_factory=uuid4)
    goal: UUID = field(default_factory=uuid4)
    reminder: UUID = field(default_factory=uuid4)

    @property
    def today(self) -> date:
        """Her local day."""
        return self.now.astimezone(ZoneInfo(self.zone)).date()

    def at(self, clock: time, days: int = 0) -> datetime:
        """A time of her day, today or `days` later."""
        return datetime.combine(self.today + timedelta(days=days), clock, ZoneInfo(self.zone))


def where_it_is_late_morning(now: datetime) -> str:
    """The city whose local time is nearest to 11:00."""

    def away(zone: str) -> float:
        local = now.astimezone(ZoneInfo(zone))
        minutes = local.hour * 60 + local.minute - 11 * 60
        return min(minutes % 1440, -minutes % 1440)

    return min(CITIES, key=away)


def beginning(story: Story) -> Iterator[Step]:
    """Until she can be written to: a clinic, a therapist, a client who consents."""
    clinic, client = f"/v1/clinics/{story.clinic}", f"/v1/clients/{story.client}"
    yield Step(
        "a clinic opens",
        "operator",
        "PUT",
        clinic,
        {
            "name": "Northside Counselling",
            "sender": "Northside",
            "phone": "+15035550100",
            "country": "US",
            "locale": "en",
            "time_zone": story.zone,
            "quiet_start": "21:00",
            "quiet_end": "08:00",
            "cover_email": "cover@example.org",
        },
    )
    yield Step(
        "Ana, a therapist, works there",
        "operator",
        "PUT",
        f"{clinic}/staff/{story.therapist}",
        {"role": "therapist", "name": "Ana Ruiz", "email": THERAPIST},
    )
    yield Step(
        "Ana registers Maya",
        "therapist",
        "PUT",
        client,
        {"name": NAME, "locale": "en", "time_zone": story.zone, "adult": True},
    )
    yield Step(
        "Maya's phone",
        "therapist",
        "PUT",
        f"{client}/contacts/sms",
        {"address": NUMBER, "verified_by": "seen"},
    )
    yield Step(
        "Maya's e-mail",
        "therapist",
        "PUT",
        f"{client}/contacts/email",
        {"address": ADDRESS, "verified_by": "seen"},
    )
    for channel, words in (("sms", "texts"), ("email", "e-mails")):
        yield Step(
            f"Maya consents to {words}",
            "client",
            "PUT",
            f"{client}/consents/{channel}/{uuid4()}",
            {"text_version": CONSENT_TEXT, "given_by": "client"},
        )


def first_goal(story: Story) -> Iterator[Step]:
    """Her goal in her own words, set as a SMART goal, with two reminders a day."""
    client = f"/v1/clients/{story.client}"
    words = {"theme": "coping", "statement": STATEMENT}
    yield Step(
        "her goal, in her own words",
        "client",
        "PUT",
        f"{client}/goals/{story.goal}",
        {"status": "draft"} | words,
    )
    yield Step(
        "the same goal, SMART",
        "therapist",
        "PUT",
        f"{client}/goals/{story.goal}",
        {
            "status": "active",
            "specific": "Deep breathing for five minutes, sitting down",
            "measure": {"kind": "per_period", "unit": "exercise", "period": "day"},
            "baseline": 0,
            "target": 2,
            "confidence": 7,
            "relevance": "To meet anxious moments with something that helps",
            "start_on": str(story.today - timedelta(days=3)),
            "end_on": str(story.today + timedelta(days=27)),
            "cadence": {"days": EVERY_DAY, "times": ["08:00", "20:00"]},
            "focus": True,
            "agreed": "together",
        }
        | words,
    )
    yield Step("reminders at 08:00 and 20:00", "client", "PUT", *_reminder(story, ["08:00", "20:00"]))


def first_practice(story: Story) -> Iterator[Step]:
    """The first time."""
    yield _practice(story, "the first practice, two days ago", 2)


def what_follows(story: Story) -> Iterator[Step]:
    """A win with no goal at all, and two more practices."""
    yield Step(
        "a win, with no goal at all",
        "client",
        "PUT",
        f"/v1/clients/{story.client}/wins/{uuid4()}",
        {"kind": "showed_up", "text": WIN},
    )
    yield _practice(story, "the second practice, yesterday", 1)
    yield _practice(story, "the third, yesterday evening", 1)


def easing(story: Story, etag: str) -> Iterator[Step]:
    """Twice a day was too much."""
    yield Step(
        "Ana eases it: once a day",
        "therapist",
        "PUT",
        f"/v1/goals/{story.goal}/adjustments/{uuid4()}",
        {
            "kind": "eased",
            "changes": [{"field": "target", "from": 2, "to": 1}],
            "reason_code": "too_hard",
            "reason": "Mornings are rushed; once, in the evening, is a good size for now",
            "agreed": "together",
        },
        {"If-Match": etag},
    )
    yield Step("one reminder, at 20:00", "client", "PUT", *_reminder(story, ["20:00"]))


def question(story: Story) -> Step:
    """What changed, when, why and by whom?"""
    return Step("what changed, when, why, by whom?", "therapist", "GET", f"/v1/goals/{story.goal}/history")


def _practice(story: Story, what: str, days_ago: int) -> Step:
    day = story.today - timedelta(days=days_ago)
    path = f"/v1/goals/{story.goal}/practices/{uuid4()}"
    return Step(what, "client", "PUT", path, {"on": str(day), "quantity": 1})


def _reminder(story: Story, times: list[str]) -> tuple[str, dict[str, Any]]:
    return (
        f"/v1/clients/{story.client}/reminders/{story.reminder}",
        {
            "kind": "practice",
            "channel": "sms",
            "goal_id": str(story.goal),
            "cadence": {"days": EVERY_DAY, "times": times},
            "active": True,
        },
    )
