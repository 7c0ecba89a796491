"""What a phone writes, brought over HTTP: what is sent back, what the log is to know, what is held."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import msgspec
import pytest
import requests
from sqlalchemy import text

from infra.standin.callbacks import signature
from infra.standin.script import Script
from services.reminders.hearing.carry import carry
from services.reminders.ledger.inbound import inbound_id
from shared.events import GoalSet, Measure, SafetyReviewed, StaffSet, TeamSet
from shared.goals_client import Answer, Goals
from tests.reminders.house import CLIENT, CLINIC, NUMBER, PHONE, consent, milestone
from tests.reminders.wired import PUBLIC, Wired

STRANGER = "+15035550177"
GOAL = UUID("00000000-0000-4000-8000-0000000000d1")
THERAPIST = UUID("00000000-0000-4000-8000-0000000000a1")
A_GOAL = GoalSet(
    measure=Measure(kind="count", unit="times"),
    baseline=None,
    target=10,
    confidence=8,
    start_on=datetime(2026, 3, 2, tzinfo=UTC).date(),
    end_on=datetime(2026, 4, 2, tzinfo=UTC).date(),
    review_on=(datetime(2026, 4, 2, tzinfo=UTC).date(),),
    agreed="together",
)


class Log(Goals):
    """A goals service that answers as it is told to, and keeps what it was asked."""

    def __init__(self, answer: dict[str, Any] | None = None) -> None:
        self.asked: list[tuple[str, str]] = []
        self._said = msgspec.json.encode(answer or {})

    def _ask(self, method: str, path: str, *_: object, **__: object) -> Answer:
        self.asked.append((method, path))
        return Answer(200, self._said, 0)


def brought(wired: Wired, log: Log) -> list[tuple[str, str]]:
    """What is brought to the log, and what is answered once it is there."""
    parts = wired.house.parts
    while carry(parts.engine, parts.vault, wired.house.rung.extend, log, datetime.now(UTC)):
        pass
    wired.answer_now()
    return log.asked


def outgoing(wired: Wired) -> list[tuple[str, str]]:
    with wired.house.parts.engine.connect() as connection:
        rows = connection.execute(text("SELECT kind, state FROM outgoing ORDER BY sequence"))
        return [(row.kind, row.state) for row in rows]


@pytest.fixture
def hers(wired: Wired) -> Wired:
    """A client with a phone and a goal, who may be written to now."""
    wired.house.now = datetime.now(UTC)
    wired.house.begin("sms")
    items = wired.house.items(A_GOAL)
    items[0]["subject"] = str(GOAL)
    wired.house.page(items)
    return wired


def test_stop_is_confirmed_once_and_nothing_goes_to_her_after_that(hers: Wired) -> None:
    hers.planned_at_noon(milestone())
    assert hers.writes("no more texts please") == 200
    [confirmation] = hers.received()
    assert "appointments do not change" in confirmation
    assert ("suppressed", "opted_out") in hers.house.states()
    assert outgoing(hers) == [("consent.withdrawn", "waiting")]
    assert [method for method, _ in brought(hers, Log())] == ["DELETE"]


def test_done_goes_to_the_log_and_is_acknowledged_with_what_it_earned(hers: Wired) -> None:
    hers.writes("done 2, felt calm")
    assert hers.received() == []
    [(method, path)] = brought(hers, Log({"milestones": [{"rule": "first_step", "threshold": None}]}))
    assert method == "PUT"
    assert path.startswith(f"/v1/goals/{GOAL}/practices/")
    [said] = hers.received()
    assert said.startswith(
        ("Northside: your first one is on the board", "Northside: the first step is taken")
    )


def test_the_same_text_brought_twice_is_one(hers: Wired) -> None:
    for _ in range(2):
        assert hers.writes("done", sid="SM" + "7" * 32) == 200
    assert outgoing(hers) == [("practice.logged", "waiting")]
    brought(hers, Log())
    assert len(hers.received()) == 1


def test_while_the_log_is_away_what_she_wrote_waits_for_it(hers: Wired) -> None:
    hers.writes("win I said no")
    assert outgoing(hers) == [("win.recorded", "waiting")]
    assert brought(hers, Log())[0][1].startswith(f"/v1/clients/{CLIENT}/wins/")
    assert outgoing(hers) == [("win.recorded", "told")]


def test_despair_is_signposted_flagged_told_to_her_team_and_followed_by_quiet(hers: Wired) -> None:
    staff = StaffSet(staff_id=THERAPIST, role="therapist", name="Ana Ruiz", email="ana@example.org")
    hers.house.happens(staff, record=CLINIC)
    hers.house.happens(TeamSet(staff_ids=(THERAPIST,)))
    hers.planned_at_noon(milestone())
    hers.writes("I want to die")
    [signpost] = hers.received()
    assert "988" in signpost
    assert outgoing(hers) == [("safety.flagged", "waiting")]
    mails = [(to, said) for channel, to, said in hers.house.sent() if channel == "email"]
    assert [to for to, _ in mails] == ["ana@example.org"]
    assert "die" not in mails[0][1]
    assert ("suppressed", "after_flag") in hers.house.states()


def test_a_flag_is_told_of_again_each_morning_until_somebody_has_looked(hers: Wired) -> None:
    staff = StaffSet(staff_id=THERAPIST, role="therapist", name="Ana Ruiz", email="ana@example.org")
    hers.house.happens(staff, record=CLINIC)
    hers.house.happens(TeamSet(staff_ids=(THERAPIST,)))
    hers.writes("I want to die", sid="SM" + "8" * 32)
    assert hers.remind(days=1) == 1
    assert hers.remind(days=2) == 1
    flag = flag_id(hers)
    hers.house.happens(SafetyReviewed(flag_id=flag))
    assert hers.remind(days=3) == 0
    assert sum(channel == "email" for channel, _, _ in hers.house.sent()) == 3


def flag_id(wired: Wired) -> UUID:
    with wired.house.parts.engine.connect() as connection:
        return UUID(str(connection.execute(text("SELECT flag_id FROM flag")).scalar_one()))


def test_a_strangers_despair_is_signposted_by_the_country_of_the_number(hers: Wired) -> None:
    hers.writes("quiero morir", number="+34612345678")
    assert "024" in hers.received("+34612345678")[-1]


def test_a_stranger_learns_nothing_and_is_answered_once_an_hour(hers: Wired) -> None:
    for _ in range(3):
        hers.writes("who are you to Maya?", number=STRANGER)
    assert len(hers.received(STRANGER)) == 1
    assert "Northside" not in hers.received(STRANGER)[0]
    with hers.house.parts.engine.connect() as connection:
        kept = connection.execute(text("SELECT sealed FROM inbound")).scalars().all()
    assert kept == [None, None, None]


def test_start_from_the_same_number_lifts_what_nothing_older_does(hers: Wired) -> None:
    hers.writes("STOP")
    hers.planned_at_noon(consent("sms", PHONE), milestone())
    hers.house.answer()
    assert ("suppressed", "opted_out") in hers.house.states()
    assert hers.received() == []
    hers.writes("START")
    hers.planned_at_noon(milestone())
    hers.house.answer()
    assert ["on again" in said for said in hers.received()] == [True, False]


def test_where_the_provider_has_confirmed_an_opt_out_we_stay_silent(hers: Wired) -> None:
    hers.provider.texts.answers_itself = True
    hers.writes("STOP")
    assert hers.received() == []
    assert outgoing(hers) == [("consent.withdrawn", "waiting")]


def test_a_pause_is_held_before_the_log_knows(hers: Wired) -> None:
    hers.writes("pause 3 days")
    hers.planned_at_noon(milestone())
    hers.house.answer()
    assert ("suppressed", "paused") in hers.house.states()
    assert outgoing(hers) == [("reminders.paused", "waiting")]
    hers.writes("resume")
    hers.planned_at_noon(milestone())
    hers.house.answer()
    assert len(hers.received()) == 3


def test_a_forged_text_is_refused(hers: Wired) -> None:
    form = {"MessageSid": "SM" + "9" * 32, "From": NUMBER, "To": "+1", "Body": "STOP"}
    for signed in ("", signature("another", f"{PUBLIC}/twilio/inbound", form)):
        answer = requests.post(
            f"{hers.url}/twilio/inbound", form, headers={"X-Twilio-Signature": signed}, timeout=5
        )
        assert answer.status_code == 403
    assert outgoing(hers) == []


@pytest.mark.parametrize("body", ["x" * 1600, "", "a\x00b", "😀" * 400])
def test_any_text_is_taken(hers: Wired, body: str) -> None:
    assert hers.writes(body, media=1) == 200


def test_her_words_are_sealed_and_the_number_is_nowhere_in_clear(hers: Wired) -> None:
    hers.writes("done, my chest was tight", sid="SM" + "6" * 32)
    with hers.house.parts.engine.connect() as connection:
        row = connection.execute(text("SELECT inbound::text FROM inbound")).scalar_one()
    assert NUMBER[1:] not in row
    assert "chest" not in row
    assert str(inbound_id("SM" + "6" * 32)) in row


def test_a_signpost_that_may_not_have_gone_goes_again(hers: Wired) -> None:
    hers.provider.scripts.set(NUMBER, [Script("reset_after", callbacks="none"), Script()])
    hers.writes("I want to die")
    hers.answer_now(minutes=1)
    assert len(hers.received()) == 2
