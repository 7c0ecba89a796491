"""Her own page: counts and no words, open for a while to who holds the link; each button acts, once."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID, uuid4

import msgspec
import pytest
from flask.testing import FlaskClient
from sqlalchemy import text
from werkzeug.test import TestResponse

from services.reminders import people
from services.reminders.app import create_app
from services.reminders.ledger import outgoing
from services.reminders.rules.person import Person
from shared.events import (
    CareEnded,
    ClientErased,
    ClientRegistered,
    GoalClosed,
    PracticeLogged,
    PreferencesSet,
    WinRecorded,
)
from shared.settings import Settings
from tests.reminders.house import (
    ADDRESS,
    CLIENT,
    LABEL,
    NAME,
    NUMBER,
    REGISTERED,
    ZONE,
    House,
    milestone,
    reminder,
)

PUBLIC = "https://reminders.example.org"
FORM = re.compile(r"<form.*?</form>", re.DOTALL)
FIELD = re.compile(r'<input[^>]*?name="(\w+)"[^>]*?value="([^"]*)"')


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return replace(settings, reminders_public_url=PUBLIC)


@pytest.fixture
def house(house: House) -> House:
    """The service, as of now: the page goes by the clock on the wall."""
    house.now = datetime.now(UTC)
    house.begin("sms", "email")
    house.happens(PreferencesSet(time_zone=ZONE, locale="en", label=LABEL, weekly_cap=2), reminder("12:00"))
    return house


@pytest.fixture
def door(settings: Settings) -> Iterator[FlaskClient]:
    app = create_app(settings)
    yield app.test_client()
    app.extensions["parts"].close()


def link(house: House, client: UUID = CLIENT, **lasting: float) -> str:
    made = house.parts.links.page(client, datetime.now(UTC) + timedelta(**lasting or {"hours": 1}))
    assert made
    return urlsplit(made).path


def forms(page: TestResponse) -> list[dict[str, str]]:
    """The page's forms, as they are sent where nothing is changed in them."""
    return [dict(FIELD.findall(form)) for form in FORM.findall(page.text)]


def press(door: FlaskClient, path: str, act: str, **fields: str) -> TestResponse:
    """Presses the one button of that kind for these fields."""
    for form in forms(door.get(path)):
        hidden = {name: value for name, value in form.items() if name in fields}
        if form["act"] == act and all(
            fields[name] == value or name in ("start", "end") for name, value in hidden.items()
        ):
            return door.post(path, data=form | fields)
    raise AssertionError(f"there is no such button: {act} {fields}")


def her(house: House) -> Person:
    with house.parts.engine.connect() as connection:
        known = people.person(connection, house.parts.vault, CLIENT)
    assert known
    return known


def told(house: House) -> list[tuple[str, str, Any]]:
    """What is on its way to the log, each with the way she did it."""
    found: list[tuple[str, str, Any]] = []
    with house.parts.engine.begin() as connection:
        while taken := outgoing.take_due(connection, house.parts.vault, datetime.now(UTC)):
            for one in taken:
                fact = one.fact
                found.append(
                    (fact.via, f"{fact.method} {fact.kind}", msgspec.json.decode(fact.body or b"null"))
                )
                outgoing.told(connection, fact.fact_id, datetime.now(UTC))
    return found


def counted(house: House) -> tuple[int, int, int]:
    """How many facts, opt-outs and silences there are."""
    with house.parts.engine.connect() as connection:
        row = connection.execute(
            text(
                "SELECT (SELECT count(*) FROM outgoing), (SELECT count(*) FROM opt_out),"
                " (SELECT count(*) FROM quiet)"
            )
        ).one()
    return (row[0], row[1], row[2])


def test_it_shows_counts_her_label_and_what_is_coming_and_no_words(house: House, door: FlaskClient) -> None:
    today = house.now.date()
    house.happens(
        PracticeLogged(practice_id=uuid4(), on=today, quantity=1, note="I cried"),
        WinRecorded(win_id=uuid4(), kind="effort", on=today, text="I told my mother"),
    )
    page = door.get(link(house))
    assert (page.status_code, page.content_type) == (200, "text/html; charset=utf-8")
    for shown in ("Northside", LABEL, "12:00", "by text", "1 practice", "1 win"):
        assert shown in page.text
    for hidden in ("I cried", "my mother", NAME, NUMBER, ADDRESS, str(CLIENT), "Counselling"):
        assert hidden not in page.text


def test_nothing_of_it_is_kept_found_framed_or_leaked(house: House, door: FlaskClient) -> None:
    for path in (link(house), link(house, hours=-1), "/me/none"):
        page = door.get(path)
        assert page.headers["Cache-Control"] == "no-store"
        assert page.headers["Referrer-Policy"] == "no-referrer"
        assert page.headers["X-Robots-Tag"] == "noindex"
        policy = page.headers["Content-Security-Policy"]
        assert policy.startswith("default-src 'none'; style-src 'nonce-")
        assert "frame-ancestors 'none'" in policy
        for foreign in ("<script", "<img", "http://", "https://", "src=", "href="):
            assert foreign not in page.text


def test_looking_changes_nothing(house: House, door: FlaskClient) -> None:
    for method in ("GET", "HEAD", "GET"):
        assert door.open(link(house), method=method).status_code == 200
    assert door.get(link(house) + "?act=stop&channel=sms&saved").status_code == 200
    assert counted(house) == (0, 0, 0)


def test_a_rest_begins_at_once_and_again_is_the_same(house: House, door: FlaskClient) -> None:
    path = link(house)
    answers = [press(door, path, "pause", days="7")]
    assert (answers[0].status_code, answers[0].location) == (303, f"{path}?saved")
    form = {"act": "pause", "days": "7", "form": house.parts.links.form(path.rpartition("/")[2], "pause")}
    again = door.post(path, data=form)
    assert (again.status_code, again.location) == (303, path)
    house.happens(milestone())
    assert set(house.answer()) == {None}
    assert {state for state, _ in house.states()} == {"suppressed"}
    [(via, what, body)] = told(house)
    assert (via, what, list(body)) == ("web", "PUT reminders.paused", ["until"])
    page = door.get(answers[0].location).text
    assert 'role="status"' in page
    assert "Your reminders rest" in page


def test_going_on_ends_the_rest_here_and_in_the_log(house: House, door: FlaskClient) -> None:
    path = link(house)
    press(door, path, "pause", days="7")
    assert press(door, path, "resume").status_code == 303
    assert counted(house)[2] == 0
    assert her(house).pauses == {}
    token = path.rpartition("/")[2]
    door.post(path, data={"act": "resume", "form": house.parts.links.form(token, "resume")})
    assert [what for _, what, _ in told(house)] == ["PUT reminders.paused", "DELETE reminders.resumed"]


def test_her_hours_hold_at_once_and_the_rest_of_what_she_prefers_stays(
    house: House, door: FlaskClient
) -> None:
    path = link(house)
    for _ in range(2):
        assert press(door, path, "hours", start="22:15", end="06:45").status_code == 303
    assert (her(house).quiet_start, her(house).quiet_end) == ("22:15", "06:45")
    [(via, what, body)] = told(house)
    assert (via, what) == ("web", "PUT client.preferences_set")
    assert body["label"] == LABEL
    assert body["weekly_cap"] == 2
    assert 'value="22:15"' in door.get(path).text


def test_reminders_go_off_and_on_by_her_clock(house: House, door: FlaskClient) -> None:
    path = link(house)
    due = text("SELECT count(*) FROM reminder WHERE active AND next_due_at IS NOT NULL")
    for to, active in (("off", 0), ("on", 1)):
        assert press(door, path, "switch", what="reminders", channel="sms", to=to).status_code == 303
        with house.parts.engine.connect() as connection:
            assert connection.execute(due).scalar_one() == active
        assert ("12:00" in door.get(path).text) == bool(active)
    assert [(what, body["active"]) for _, what, body in told(house)] == [
        ("PUT reminder.planned", False),
        ("PUT reminder.planned", True),
    ]


def test_celebrations_go_off_on_one_channel_alone(house: House, door: FlaskClient) -> None:
    press(door, link(house), "switch", what="celebrations", channel="sms", to="off")
    house.happens(milestone())
    with house.parts.engine.connect() as connection:
        assert list(connection.execute(text("SELECT channel FROM message")).scalars()) == ["email"]
    [(_, _, body)] = told(house)
    assert (body["kind"], body["channel"], body["active"]) == ("celebration", "sms", False)


def test_stop_ends_a_channel_for_good_and_start_begins_it_again(house: House, door: FlaskClient) -> None:
    path = link(house)
    assert press(door, path, "stop", channel="sms").status_code == 303
    house.happens(milestone())
    assert [message["channel"] for message in house.messages()] == ["email"]
    with house.parts.engine.connect() as connection:
        assert connection.execute(text("SELECT source FROM opt_out")).scalar_one() == "page"
    assert "Nothing comes to you this way" in door.get(path).text
    assert press(door, path, "start", channel="sms").status_code == 303
    with house.parts.engine.connect() as connection:
        assert connection.execute(text("SELECT lifted_at FROM opt_out")).scalar_one() is not None
    assert [(via, what) for via, what, _ in told(house)] == [
        ("web", "DELETE consent.withdrawn"),
        ("web", "PUT consent.given"),
    ]
    assert [one.in_force for one in her(house).consents.values() if one.scope == "sms"] == [False, True]


def test_a_stop_pressed_twice_is_one(house: House, door: FlaskClient) -> None:
    path = link(house)
    form = {
        "act": "stop",
        "channel": "email",
        "form": house.parts.links.form(path.rpartition("/")[2], "stop"),
    }
    locations = [door.post(path, data=form).location for _ in range(2)]
    assert locations == [f"{path}?saved", path]
    assert counted(house) == (1, 1, 0)


@pytest.mark.parametrize("how", ["none", "another button's", "another link's", "made up"])
def test_a_form_from_elsewhere_does_nothing(house: House, door: FlaskClient, how: str) -> None:
    path, links = link(house), house.parts.links
    token = path.rpartition("/")[2]
    stolen = {
        "none": {},
        "another button's": {"form": links.form(token, "pause")},
        "another link's": {"form": links.form(link(house, hours=2).rpartition("/")[2], "stop")},
        "made up": {"form": "é" * 43},
    }[how]
    answer = door.post(path, data={"act": "stop", "channel": "sms"} | stolen)
    assert (answer.status_code, answer.content_type) == (403, "application/problem+json")
    assert counted(house) == (0, 0, 0)


@pytest.mark.parametrize(
    ("act", "fields"),
    [
        ("hours", {"start": "nine", "end": "08:00"}),
        ("pause", {"days": "1000"}),
        ("stop", {"channel": "fax"}),
        ("erase", {}),
    ],
)
def test_what_cannot_be_read_changes_nothing_and_the_page_says_so(
    house: House, door: FlaskClient, act: str, fields: dict[str, str]
) -> None:
    path = link(house)
    form = {"act": act, "form": house.parts.links.form(path.rpartition("/")[2], act)} | fields
    answer = door.post(path, data=form)
    assert (answer.status_code, answer.content_type) == (422, "text/html; charset=utf-8")
    assert 'role="alert"' in answer.text
    assert "nine" not in answer.text
    assert counted(house) == (0, 0, 0)


def test_a_link_that_has_ended_opens_and_does_nothing_and_says_how_to_get_another(
    house: House, door: FlaskClient
) -> None:
    path = link(house, hours=-1)
    form = {"act": "stop", "channel": "sms", "form": house.parts.links.form(path.rpartition("/")[2], "stop")}
    for answer in (door.get(path), door.post(path, data=form)):
        assert answer.status_code == 410
        assert "PLAN" in answer.text
        for hers in ("Northside", LABEL):
            assert hers not in answer.text
    spanish = door.get(path, headers={"Accept-Language": "es-MX,es;q=0.9"})
    assert '<html lang="es">' in spanish.text
    assert counted(house) == (0, 0, 0)


def test_a_forged_link_opens_nothing(house: House, door: FlaskClient) -> None:
    token = link(house).rpartition("/")[2]
    for wrong in (token[:-1], token[::-1], "A" * 48, "é"):
        form = {"act": "stop", "channel": "sms", "form": house.parts.links.form(wrong, "stop")}
        assert door.get(f"/me/{wrong}").status_code == 404
        assert door.post(f"/me/{wrong}", data=form).status_code == 404
    assert counted(house) == (0, 0, 0)


def test_it_is_hers_alone(house: House, door: FlaskClient) -> None:
    other = uuid4()
    house.happens(REGISTERED, record=other)
    page = door.get(link(house, other))
    assert LABEL not in page.text
    assert "stop" not in {form["act"] for form in forms(page)}
    press(door, link(house, other), "pause", days="7")
    assert her(house).pauses == {}
    assert door.get(link(house, uuid4())).status_code == 410


def test_it_speaks_her_language_and_says_each_thing_to_who_cannot_see(
    house: House, door: FlaskClient
) -> None:
    hers = uuid4()
    house.happens(ClientRegistered(locale="es-MX", time_zone=ZONE, adult=True, name=NAME), record=hers)
    spanish, english = door.get(link(house, hers)).text, door.get(link(house)).text
    assert '<html lang="es">' in spanish
    assert "Horas de silencio" in spanish
    for page in (spanish, english):
        assert page.count("<h1>") == 1
        ids = re.findall(r'\bid="([^"]+)"', page)
        assert len(ids) == len(set(ids))
        assert set(re.findall(r'(?:aria-labelledby|aria-describedby|for)="([^"]+)"', page)) <= set(ids)
        fields = re.findall(r'<(?:select|input)[^>]*\bid="([^"]+)"', page)
        assert set(fields) == set(re.findall(r'<label for="([^"]+)"', page)) == {"days", "start", "end"}


def test_the_log_lines_hold_neither_the_link_nor_anything_of_hers(
    house: House, door: FlaskClient, capsys: pytest.CaptureFixture[str]
) -> None:
    path = link(house)
    press(door, path, "stop", channel="sms")
    said = "".join(capsys.readouterr())
    for secret in (path.rpartition("/")[2], NUMBER, ADDRESS, NAME, LABEL):
        assert secret not in said


def test_once_her_care_has_ended_nothing_is_coming_and_she_can_still_stop(
    house: House, door: FlaskClient
) -> None:
    house.happens(CareEnded(care_end_id=uuid4(), on=house.now.date()))
    page = door.get(link(house))
    assert (page.status_code, "Nothing for the next two weeks" in page.text) == (200, True)
    assert press(door, link(house), "stop", channel="sms").status_code == 303
    assert [what for _, what, _ in told(house)] == ["DELETE consent.withdrawn"]


def test_once_she_is_erased_an_old_page_shows_and_does_nothing(house: House, door: FlaskClient) -> None:
    path = link(house)
    [stop_texts] = [
        form for form in forms(door.get(path)) if (form["act"], form.get("channel")) == ("stop", "sms")
    ]
    house.happens(ClientErased(erasure_id=uuid4()))
    for answer in (door.get(path), door.post(path, data=stop_texts)):
        assert answer.status_code == 410
        assert "Northside" not in answer.text
    assert counted(house) == (0, 0, 0)


def test_a_page_left_open_while_her_goal_ended_turns_no_reminder_of_it_on(
    house: House, door: FlaskClient
) -> None:
    goal, path = uuid4(), link(house)
    house.happens(msgspec.structs.replace(reminder("12:00"), goal_id=goal))
    press(door, path, "switch", what="reminders", channel="sms", to="off")
    told(house)
    [on] = [
        form for form in forms(door.get(path)) if (form.get("what"), form["act"]) == ("reminders", "switch")
    ]
    [closed] = house.items(GoalClosed(closure_id=uuid4(), agreed="together", outcome="let_go"))
    house.page([closed | {"subject": str(goal)}])
    assert door.post(path, data=on).status_code == 303
    assert told(house) == []
    assert [one.active for one in her(house).reminders.values()] == [False]
    assert "Reminders by text" not in door.get(path).text
