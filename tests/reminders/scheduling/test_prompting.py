"""What comes by itself, through the ledger: planned, held back, sent, answered, and never a second time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace as with_settings
from datetime import UTC, date, datetime, timedelta
from urllib.parse import urlsplit
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest
from flask.testing import FlaskClient
from msgspec.structs import replace
from sqlalchemy import text

from services.reminders.app import create_app
from services.reminders.sending.deliver import deliverer
from services.reminders.team.digesting import send_due
from shared.events import (
    Actor,
    GoalReviewed,
    GoalSet,
    Measure,
    PracticeLogged,
    RatingRecorded,
    SessionCancelled,
    SessionScheduled,
    StaffLeft,
    StaffSet,
    TeamSet,
    WinRecorded,
)
from shared.settings import Settings
from tests.reminders.house import (
    A_CLINIC,
    CLIENT,
    CLINIC,
    HER_MAIL,
    HER_PHONE,
    MAIL,
    NAME,
    NUMBER,
    PHONE,
    REGISTERED,
    ZONE,
    House,
    consent,
    milestone,
    reminder,
)
from tests.reminders.wired import Wired

GOAL = UUID("00000000-0000-4000-8000-0000000000d1")
ANA, LEAD = UUID(int=0xA1), UUID(int=0xA2)
REVIEW = date(2026, 3, 16)
A_GOAL = GoalSet(
    measure=Measure(kind="count", unit="times"),
    baseline=None,
    target=10,
    confidence=8,
    start_on=date(2026, 3, 2),
    end_on=date(2026, 4, 2),
    review_on=(REVIEW,),
    agreed="together",
    focus=True,
)
A_WIN = WinRecorded(win_id=uuid4(), kind="showed_up", on=date(2026, 3, 2))
PUBLIC = "https://reminders.example.org"


def local(day: int, clock: str) -> datetime:
    return datetime.fromisoformat(f"2026-03-{day:02}T{clock}").replace(tzinfo=ZoneInfo(ZONE))


def sets(house: House, goal: GoalSet = A_GOAL) -> None:
    items = house.items(goal)
    items[0]["subject"] = str(GOAL)
    house.page(items)


def comes(house: House, at: datetime) -> list[object]:
    """The clock comes to that time: what is due is planned, what was held is rung for. Gives what went."""
    house.now = at.astimezone(UTC)
    house.schedule()
    house.sweep()
    return [state for state in house.answer() if state is not None]


def kinds(house: House) -> list[tuple[str, str, str | None]]:
    return [(",".join(m["kinds"]), m["state"], m["cause"]) for m in house.messages()]


def foreseen(house: House) -> list[tuple[str, str]]:
    with house.parts.engine.connect() as connection:
        return [
            tuple(row) for row in connection.execute(text("SELECT kind, key FROM prompt ORDER BY due_at"))
        ]


def outgoing(house: House) -> list[tuple[str, str]]:
    with house.parts.engine.connect() as connection:
        return [
            (row.kind, row.method) for row in connection.execute(text("SELECT kind, method FROM outgoing"))
        ]


def test_a_welcome_asks_for_yes_once_and_nothing_else_goes_before_it(wired: Wired) -> None:
    house = wired.house
    house.now = datetime.now(UTC)
    house.happens(A_CLINIC, record=CLINIC)
    house.happens(REGISTERED, replace(HER_PHONE, verified_by=None))
    wired.planned_at_noon(consent("sms", PHONE), milestone())
    house.answer()
    [welcome] = wired.received()
    assert "Reply YES" in welcome
    assert welcome.endswith("STOP to end.")
    assert ("celebration", "suppressed", "contact_unverified") in kinds(house)
    wired.writes("Yes")
    assert outgoing(house) == [("client.contact_set", "PUT")]
    assert "this number is set" in wired.received()[1]
    house.happens(HER_PHONE, consent("sms", PHONE, uuid4()), milestone())
    house.answer()
    assert len(wired.received()) == 3


@pytest.fixture
def public(settings: Settings) -> Settings:
    return with_settings(settings, reminders_public_url=PUBLIC)


@pytest.fixture
def door(public: Settings) -> Iterator[FlaskClient]:
    app = create_app(public)
    yield app.test_client()
    app.extensions["parts"].close()


def welcomed_by_email(house: House, door: FlaskClient) -> str:
    """The path of the link in her welcome."""
    house.happens(A_CLINIC, record=CLINIC)
    house.happens(REGISTERED, replace(HER_MAIL, verified_by=None), consent("email", MAIL))
    parts, links = house.parts, door.application.extensions["parts"].links
    deliver = deliverer(parts.engine, parts.vault, parts.channels(), {}, house.clock, links)
    assert [deliver(*rung) for rung in house.rung] == ["delivered"]
    [mail] = house.parts.outbox.kept()
    [link] = [line for line in mail.body.text.splitlines() if line.startswith(PUBLIC)]
    assert mail.body.html
    assert f'href="{link}"' in mail.body.html
    assert NAME not in link
    return urlsplit(link).path


def test_an_address_is_confirmed_by_one_press_and_not_by_looking(house: House, door: FlaskClient) -> None:
    path = welcomed_by_email(house, door)
    assert door.get(path).status_code == 200
    assert outgoing(house) == []
    for _ in range(2):
        assert door.post(path).status_code == 200
    assert outgoing(house) == [("client.contact_set", "PUT")]


def test_a_link_that_was_made_up_or_is_of_another_address_confirms_nothing(
    house: House, door: FlaskClient
) -> None:
    path = welcomed_by_email(house, door)
    assert door.post(path[:-2] + ("AA" if path[-2:] != "AA" else "BB")).status_code == 404
    assert door.get("/confirm/nothing").status_code == 404
    house.happens(replace(HER_MAIL, contact_id=uuid4(), address="other@example.org", verified_by=None))
    page = door.post(path)
    assert page.status_code == 200
    assert "no longer have" in page.text
    assert outgoing(house) == []


def test_without_a_public_address_a_welcome_by_email_says_why_it_did_not_go(house: House) -> None:
    house.happens(A_CLINIC, record=CLINIC)
    house.happens(REGISTERED, replace(HER_MAIL, verified_by=None), consent("email", MAIL))
    house.answer()
    assert kinds(house) == [("welcome", "failed", "no_public_address")]


def test_an_imported_consent_is_not_welcomed(house: House) -> None:
    house.happens(A_CLINIC, record=CLINIC)
    house.happens(REGISTERED, replace(HER_PHONE, verified_by=None))
    house.happens(consent("sms", PHONE), actor=Actor("operator", "import", "import"))
    assert kinds(house) == []
    assert foreseen(house) == []


def test_a_rating_is_asked_for_a_day_before_a_session_and_a_bare_number_is_the_answer(wired: Wired) -> None:
    house = wired.house
    house.now = datetime.now(UTC)
    house.begin("sms")
    sets(house)
    soon = house.now + timedelta(hours=24, seconds=1)
    wired.planned_at_noon(SessionScheduled(session_id=uuid4(), starts_at=soon))
    assert house.schedule() == 0
    house.later(seconds=2)
    assert house.schedule() == 1
    assert house.schedule() == 0
    house.answer()
    [asked] = wired.received()
    assert "0 to 10" in asked
    wired.writes("7")
    assert outgoing(house) == [("rating.recorded", "PUT")]


def test_a_session_that_is_called_off_is_not_asked_about(house: House) -> None:
    house.begin("sms")
    session = uuid4()
    house.happens(SessionScheduled(session_id=session, starts_at=local(5, "14:00")))
    assert [kind for kind, _ in foreseen(house)] == ["rating", "quiet", "quiet"]
    house.happens(SessionCancelled(session_id=session, starts_at=local(5, "14:00")))
    assert [kind for kind, _ in foreseen(house)] == ["quiet", "quiet"]


def test_who_has_rated_lately_is_not_asked_and_the_ledger_says_why(house: House) -> None:
    house.begin("sms")
    house.happens(SessionScheduled(session_id=uuid4(), starts_at=local(5, "14:00")))
    house.now = local(4, "10:00").astimezone(UTC)
    house.happens(RatingRecorded(rating_id=uuid4(), value=0, rater="client", epoch=1))
    assert comes(house, local(4, "14:00")) == []
    assert kinds(house) == [("rating", "suppressed", "rated_lately")]


def test_a_review_comes_three_days_before_its_day_and_on_it_unless_it_was_kept(house: House) -> None:
    house.begin("sms")
    sets(house)
    house.happens(A_WIN)
    assert comes(house, local(13, "07:59")) == []
    assert comes(house, local(13, "08:00")) == ["delivered"]
    assert comes(house, local(13, "08:00")) == []
    items = house.items(GoalReviewed(review_id=uuid4(), review_on=REVIEW, outcome="keep"))
    items[0]["subject"] = str(GOAL)
    house.page(items)
    assert comes(house, local(16, "08:00")) == []
    assert [channel for channel, _, _ in house.sent()] == ["sms"]


def test_after_a_week_of_silence_a_hello_after_three_another_and_then_nothing(house: House) -> None:
    house.begin("sms")
    house.happens(A_WIN)
    assert comes(house, local(9, "10:59")) == []
    assert comes(house, local(9, "11:00")) == ["delivered"]
    assert comes(house, local(20, "11:00")) == []
    assert comes(house, local(23, "11:00")) == ["delivered"]
    assert comes(house, local(31, "11:00")) == []
    texts = [said for _, _, said in house.sent()]
    assert len(set(texts)) == 2


def test_an_entry_begins_the_wait_anew(house: House) -> None:
    house.begin("sms")
    house.happens(A_WIN)
    house.now = local(8, "12:00").astimezone(UTC)
    house.happens(PracticeLogged(practice_id=uuid4(), on=date(2026, 3, 8), quantity=1))
    assert comes(house, local(9, "12:00")) == []
    assert comes(house, local(15, "12:00")) == ["delivered"]


def test_what_comes_due_at_night_waits_for_the_morning(house: House) -> None:
    house.begin("sms")
    house.now = local(2, "23:00").astimezone(UTC)
    house.happens(A_WIN)
    assert comes(house, local(10, "00:00")) == []
    assert kinds(house) == [("quiet", "planned", "quiet_hours")]
    assert comes(house, local(10, "08:00")) == ["delivered"]


def test_after_a_downtime_what_is_stale_is_recorded_as_expired_and_no_flood_comes(house: House) -> None:
    house.begin("sms")
    sets(house)
    house.happens(SessionScheduled(session_id=uuid4(), starts_at=local(5, "14:00")))
    assert comes(house, local(16, "12:00")) == ["delivered"]
    assert sorted(kinds(house)) == [
        ("quiet", "expired", "stale"),
        ("rating", "expired", "stale"),
        ("review", "delivered", None),
        ("review", "expired", "stale"),
    ]


def test_what_is_due_together_becomes_one_text_of_one_segment(house: House) -> None:
    house.begin("sms")
    sets(house)
    house.happens(reminder("08:00"), A_WIN)
    house.now = local(12, "21:30").astimezone(UTC)
    house.happens(milestone())
    assert house.answer() == [None]
    assert comes(house, local(13, "08:00")) == ["delivered"]
    [words] = [words for _, _, words in house.sent() if "look back" in words]
    assert words.startswith(("Northside: well done!", "Northside: that counts!"))
    assert len(words) <= 160


def test_a_page_applied_again_foresees_the_same(house: House) -> None:
    house.begin("sms")
    sets(house)
    house.happens(SessionScheduled(session_id=uuid4(), starts_at=local(5, "14:00")))
    once = foreseen(house)
    with house.parts.engine.begin() as connection:
        connection.execute(text("DELETE FROM prompt"))
    house.later(hours=1)
    house.happens(A_WIN)
    assert [key for kind, key in foreseen(house) if kind != "quiet"] == [
        key for kind, key in once if kind != "quiet"
    ]


def test_practice_reminders_that_nobody_answers_come_twice_a_week_and_then_stop(house: House) -> None:
    house.begin("sms")
    house.happens(reminder("12:00"))
    for day in range(2, 32):
        comes(house, local(day, "12:00"))
    comes(house, local(31, "12:00") + timedelta(days=1))
    nudges = [(state, cause) for kind, state, cause in kinds(house) if "practice" in kind]
    assert nudges[:5] == [("delivered", None)] * 5
    assert [state for state, _ in nudges].count("delivered") == 5 + 2 * 3 + 2
    assert ("suppressed", "tapered") in nudges
    assert nudges[-1] == ("suppressed", "no_sign_of_her")
    house.happens(PracticeLogged(practice_id=uuid4(), on=date(2026, 3, 31), quantity=1))
    assert comes(house, local(31, "12:00") + timedelta(days=2)) == ["delivered"]


def staffed(house: House) -> None:
    house.happens(
        StaffSet(staff_id=ANA, role="therapist", name="Ana Ruiz", email="ana@example.org"),
        StaffSet(staff_id=LEAD, role="lead", name="Lee Lead", email="lead@example.org"),
        record=CLINIC,
    )
    house.happens(TeamSet(staff_ids=(ANA,)))


def told(house: House) -> list[tuple[str, str]]:
    parts = house.parts
    send_due(parts.engine, parts.vault, house.rung.extend, "https://goals.example.org", house.now)
    house.answer()
    return [(to, said) for _, to, said in house.sent() if to != NUMBER]


def test_on_mondays_a_therapist_is_told_the_week_in_figures_without_a_name_or_a_word(house: House) -> None:
    house.begin("sms")
    staffed(house)
    house.happens(A_WIN, milestone())
    house.answer()
    house.now = local(9, "07:59").astimezone(UTC)
    assert told(house) == []
    house.now = local(9, "08:00").astimezone(UTC)
    [(to, digest)] = told(house)
    assert to == "ana@example.org"
    assert f"{CLIENT}: entries 1, messages 1\n" in digest
    assert "https://goals.example.org" in digest
    assert NAME not in digest
    assert len(told(house)) == 1


def test_where_the_therapist_left_the_lead_is_told_and_sees_who_is_quiet(house: House) -> None:
    house.begin("sms")
    staffed(house)
    house.happens(StaffLeft(staff_id=ANA), record=CLINIC)
    house.happens(A_WIN, reminder("12:00"))
    house.now = local(16, "12:00").astimezone(UTC)
    [(to, digest)] = told(house)
    assert to == "lead@example.org"
    assert "quiet for 14 days" in digest
