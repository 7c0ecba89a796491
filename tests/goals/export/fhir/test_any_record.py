"""Whatever is done about her and her goals, early or late: the bundle of it is R4, and leaves nothing out."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from itertools import pairwise
from typing import Any
from uuid import UUID

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import rule

from services.goals.export.fhir.chosen import ALL, Chosen
from services.goals.messages.told import Answer, Message, Told
from services.goals.rules.commands.client import GiveConsent, SetContact, WithdrawConsent
from services.goals.rules.commands.goal import DraftGoal
from services.goals.rules.days import day_of
from services.goals.rules.goal import on_day
from shared.events import (
    GoalAdjusted,
    GoalReviewed,
    PracticeLogged,
    PracticeVoided,
    RatingRecorded,
    RatingVoided,
    WinRecorded,
    WinVoided,
)
from tests import controls as c
from tests.goals.export.fhir.given import HOUR, codes, lived, made, of_kind
from tests.goals.export.fhir.judges import Resource
from tests.goals.export.fhir.test_consents import GIVEN
from tests.goals.rules.any_order import SETTINGS
from tests.goals.rules.test_record_stateful import goals, some
from tests.goals.rules.test_timeline_stateful import InTime

STANDS = {
    "draft": {"proposed"},
    "active": {"planned", "active"},
    "paused": {"on-hold"},
    "achieved": {"completed"},
    "closed": {"completed", "cancelled", "entered-in-error"},
}
ENTRIES = PracticeLogged | RatingRecorded | WinRecorded | GoalReviewed
VOIDS = PracticeVoided | RatingVoided | WinVoided
hours = st.none() | st.integers(0, 400)


class Exported(InTime):
    """Her goals and her consents, and at the end the bundle of it all, and of a part."""

    def __init__(self) -> None:
        self.chosen = ALL
        super().__init__()
        self.ask(SetContact(channel="sms", address=c.NUMBER, verified_by="seen"))

    @rule(goal=goals, words=st.text(min_size=1, max_size=6))
    def say(self, goal: UUID, words: str) -> None:
        self.ask(DraftGoal(goal_id=goal, statement=words, reflection=words))

    @rule(name=some)
    def consent(self, name: UUID) -> None:
        self.ask(GiveConsent(consent_id=name, scope="sms", text_version="1"))

    @rule(name=some)
    def withdraw(self, name: UUID) -> None:
        self.ask(WithdrawConsent(consent_id=name, scope="sms"), c.BY_CLIENT)

    @rule(goal=st.none() | goals, first=hours, last=hours)
    def choose(self, goal: UUID | None, first: int | None, last: int | None) -> None:
        self.chosen = Chosen(goal, self.at(first), self.at(last))

    def at(self, hours: int | None) -> datetime | None:
        """So many hours after it began."""
        return None if hours is None else c.NOW + hours * HOUR

    def teardown(self) -> None:
        if not self.recorded:
            return
        made(self.recorded, now=self.now, chosen=self.chosen)
        whole = made(self.recorded, Told(), now=self.now)
        self.all_is_there(whole)
        self.no_version_is_without_cause(whole)
        self.goals_stand_where_they_are(of_kind(whole, "Goal"))

    def all_is_there(self, whole: Resource) -> None:
        """Each adjustment has its Provenance, each entry its Observation, and a void makes an error of it."""
        data = [event.data for event in self.recorded]
        activities = [codes(one["activity"])[1] for one in of_kind(whole, "Provenance")]
        assert activities.count("goal.adjusted") == sum(isinstance(one, GoalAdjusted) for one in data)
        seen = [one for one in of_kind(whole, "Observation") if one["id"].count("-") == 4]
        assert len(seen) == sum(isinstance(one, ENTRIES) for one in data)
        statuses = Counter(one["status"] for one in seen)
        assert statuses["entered-in-error"] == sum(isinstance(one, VOIDS) for one in data)

    def no_version_is_without_cause(self, whole: Resource) -> None:
        """Two versions in a row are the same only where an adjustment made the second."""
        adjusted = {
            one["target"][0]["reference"]
            for one in of_kind(whole, "Provenance")
            if "goal.adjusted" in codes(one["activity"])
        }
        for before, after in pairwise(of_kind(whole, "Goal")):
            name = f"Goal/{after['id']}/_history/{after['meta']['versionId']}"
            same = {**before, "meta": None} == {**after, "meta": None}
            assert not same or name in adjusted
            by_itself = "." in after["meta"]["versionId"]
            assert not by_itself or after["lifecycleStatus"] == "active"

    def goals_stand_where_they_are(self, versions: list[Resource]) -> None:
        """The latest version of each goal is the goal as it is live."""
        latest = {one["id"]: one for one in versions}
        assert set(latest) == {str(goal_id) for goal_id in self.live.goals}
        for goal_id, goal in self.live.goals.items():
            now = on_day(goal, day_of(self.now, self.stays()))
            assert latest[str(goal_id)]["lifecycleStatus"] in STANDS[now.status]
            assert latest[str(goal_id)].get("startDate") == (goal.start_on and goal.start_on.isoformat())


Exported.TestCase.settings = settings(SETTINGS, max_examples=25, suppress_health_check=[HealthCheck.too_slow])
TestExported = Exported.TestCase

moments = st.datetimes(min_value=datetime(2026, 1, 1), max_value=datetime(2027, 1, 1)).map(  # noqa: DTZ001
    lambda at: at.replace(tzinfo=c.NOW.tzinfo)
)
times = st.none() | moments
words = st.sampled_from(["practice", "celebration", "reply", "flag", "digest", "something new"])
ids = st.integers(1, 12).map(c.named)
messages = st.builds(
    Message,
    id=ids,
    kinds=st.lists(words, max_size=3, unique=True).map(tuple),
    channel=st.sampled_from(["sms", "email"]),
    state=st.sampled_from(
        ["planned", "sending", "sent", "delivered", "failed", "suppressed", "expired", "unknown", "new"]
    ),
    cause=st.none() | st.sampled_from(["quiet_hours", "30003", "merged"]),
    merged_into=st.none() | ids,
    planned_at=moments,
    said_at=times,
    settled_at=times,
    consent_id=st.none() | st.just(c.CONSENT) | ids,
)
answers = st.builds(
    Answer,
    id=st.integers(20, 30).map(c.named),
    channel=st.sampled_from(["sms", "email"]),
    intent=st.sampled_from(["done", "safety", "unknown"]),
    safety=st.booleans(),
    received_at=moments,
)


@settings(deadline=None, database=None, max_examples=60)
@given(
    told=st.lists(messages, max_size=6, unique_by=lambda one: one.id),
    said=st.lists(answers, max_size=3, unique_by=lambda one: one.id),
    first=times,
    for_staff=st.booleans(),
)
def test_whatever_was_sent_and_answered(
    told: list[Message], said: list[Answer], first: datetime | None, for_staff: bool
) -> None:
    events: Any = lived(*GIVEN)
    whole = made(events, Told(tuple(told), tuple(said)), chosen=Chosen(first=first), for_staff=for_staff)
    there = of_kind(whole, "Communication")
    assert len(there) <= len(told) + len(said)
    assert not any("payload" in one for one in there)
