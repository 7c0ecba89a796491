"""Which occasions events and slots make: given a person, when, then."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import msgspec
import pytest
from msgspec.structs import replace

from services.reminders.rules.goal import Achievement, Goal
from services.reminders.rules.person import Person, Reminder
from services.reminders.rules.plan import Detail, Occasion, nudge, occasions
from shared.events import Agreed, GoalAchieved, MilestoneReached, PracticeLogged, Recorded
from tests.controls import CLIENT, CONSENT, GOAL, NOW, TODAY, named
from tests.reminders.rules.given import MAYA, REMINDER, celebration, event, local, practice, slot_at

EVIDENCE = UUID(int=77)


def reached(rule: str, threshold: int | None = None) -> MilestoneReached:
    return MilestoneReached(
        milestone_id=named(5), rule=rule, threshold=threshold, epoch=None, evidence=EVIDENCE  # type: ignore[arg-type]
    )  # fmt: skip


def achieved(agreed: Agreed, event_id: UUID = EVIDENCE) -> Person:
    return replace(MAYA, goals={GOAL: Goal(ended=True, achieved=Achievement(event_id, agreed))})


SMS_WITHDRAWN = replace(
    MAYA, consents=MAYA.consents | {CONSENT: replace(MAYA.consents[CONSENT], in_force=False)}
)
NOT_BY_EMAIL = replace(MAYA, reminders={REMINDER: Reminder("celebration", "email", active=False)})


@pytest.mark.parametrize(
    ("person", "when", "channels"),
    [
        pytest.param(MAYA, event(reached("first_win")), ("email", "sms"), id="where she consented"),
        pytest.param(SMS_WITHDRAWN, event(reached("first_win")), ("email",), id="and nowhere else"),
        pytest.param(replace(MAYA, consents={}), event(reached("first_win")), (), id="or none"),
        pytest.param(NOT_BY_EMAIL, event(reached("first_win")), ("sms",), id="not if switched off"),
        pytest.param(MAYA, event(reached("first_win"), via="import"), (), id="not what was imported"),
        pytest.param(MAYA, event(PracticeLogged(practice_id=named(1), on=TODAY, quantity=1), stream=GOAL), (),
            id="not a practice itself"),
        pytest.param(MAYA, event(GoalAchieved(closure_id=named(1), agreed="together"), stream=GOAL), (),
            id="not the end of a goal itself"),
        pytest.param(achieved("together"), event(reached("goal_achieved"), stream=GOAL), ("email", "sms"),
            id="a goal achieved together"),
        pytest.param(achieved("client"), event(reached("goal_achieved"), stream=GOAL), ("email", "sms"),
            id="a goal that she called achieved"),
        pytest.param(achieved("therapist"), event(reached("goal_achieved"), stream=GOAL), (),
            id="not one that the therapist alone called so"),
        pytest.param(achieved("together", named(1)), event(reached("goal_achieved"), stream=GOAL), (),
            id="not by another closure's evidence"),
        pytest.param(MAYA, event(reached("goal_achieved"), stream=GOAL), (),
            id="not one that we never saw achieved"),
        pytest.param(achieved("therapist"), event(reached("practices", 7), stream=GOAL), ("email", "sms"),
            id="her practices are celebrated whatever became of the goal"),
    ],
)  # fmt: skip
def test_what_is_celebrated_and_where(person: Person, when: Recorded, channels: tuple[str, ...]) -> None:
    found = occasions(person, when)
    assert [occasion.channels for occasion in found] == ([channels] if channels else [])


def test_a_celebration_is_fresh_for_48_hours_from_when_we_learned_of_it() -> None:
    old_news = replace(event(reached("practices", 7), stream=GOAL, number=3), time=NOW - timedelta(days=9))
    assert occasions(MAYA, old_news) == (
        Occasion(
            key=f"celebration:{UUID(int=3)}",
            client_id=CLIENT,
            kind="celebration",
            channels=("email", "sms"),
            due_at=NOW,
            expires_at=NOW + timedelta(hours=48),
            source=UUID(int=3),
            detail=Detail(rule="practices", threshold=7, goal_id=GOAL),
        ),
    )


def test_a_milestone_of_hers_alone_names_no_goal() -> None:
    assert occasions(MAYA, event(reached("first_step")))[0].detail == Detail(rule="first_step")


def test_a_nudge_is_named_by_its_slot_and_fresh_for_two_hours() -> None:
    at = local(2, "20:00")
    assert nudge(CLIENT, REMINDER, MAYA.reminders[REMINDER], slot_at(at)) == Occasion(
        key=f"practice:{REMINDER}:2026-03-02:20:00",
        client_id=CLIENT,
        kind="practice",
        channels=("sms",),
        due_at=at,
        expires_at=at + timedelta(hours=2),
        detail=Detail(goal_id=GOAL, reminder_id=REMINDER, slot_date=TODAY, slot_time="20:00"),
    )


@pytest.mark.parametrize("occasion", [celebration(), practice(local(2, "08:00"))])
def test_an_occasion_is_the_same_after_being_stored(occasion: Occasion) -> None:
    assert msgspec.convert(msgspec.to_builtins(occasion), Occasion) == occasion
    assert msgspec.json.decode(msgspec.json.encode(occasion), type=Occasion) == occasion
