"""The room with both houses: what a therapist asks of it, and what is said where one of them is away."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from html import unescape
from typing import NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
import redis
from flask import Flask

from infra.local.ports import free_port
from services.goals.api.call import ROOMS
from services.goals.app import create_app
from services.goals.seals.sealing import seal
from services.reminders.app import create_app as create_reminders
from services.reminders.parts import Parts
from shared.settings import Settings
from tests.conftest import COPIES, Databases
from tests.controls import CLIENT, NAME, ZONE
from tests.goals.api.callers import SEAL_KEY, TOKEN_KEY, Knock, named
from tests.goals.web.lived import FIRST_WORDS, LIVED, REASON, live
from tests.goals.web.visitors import Visitor, words
from tests.reminders.both import HERS, Both
from tests.reminders.house import House, unknown
from tests.serving import serving

HER_PAGE = f"/clients/{CLIENT}"
MESSAGES = f"{HER_PAGE}/messages"
NOON = (datetime.now(ZoneInfo(ZONE)) + timedelta(days=1)).replace(hour=12, minute=0, second=0, microsecond=0)
"""Tomorrow's, where she is: the hour of the test is none of its business."""
EVERY_DAY = {"days": ["mon", "tue", "wed", "thu", "fri", "sat", "sun"], "times": ["12:00"]}
WROTE = "is it alright if I bring my sister on monday"


class Town(NamedTuple):
    """Both houses, the room's app beside the other house, and one that does not reach it."""

    both: Both
    app: Flask
    alone: Flask


@pytest.fixture(scope="module")
def databases(cluster: str) -> Iterator[Databases]:
    """Of all tests of this file: none is in another's way."""
    copies = Databases(admin=cluster, prefix=f"room{next(COPIES)}_")
    yield copies
    copies.drop()


@pytest.fixture(scope="module")
def town(databases: Databases, valkey: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """A client who agreed to texts, with a month behind her and a reminder at noon every day."""
    goals, reminders, nowhere = (f"http://127.0.0.1:{free_port()}" for _ in range(3))
    with redis.Redis.from_url(valkey) as client:
        client.flushall()
    ours = Settings(
        reminders_database_url=databases.reminders,
        reminders_vault_database_url=databases.reminders_vault,
        broker_url=valkey,
        goals_url=goals,
        reminders_public_url="https://r.example.org",
        master_key=b"r" * 32,
        token_key=TOKEN_KEY,
    )
    theirs = Settings(
        goals_database_url=databases.goals,
        vault_database_url=databases.vault,
        reminders_url=reminders,
        home=tmp_path_factory.mktemp("home"),
        master_key=b"g" * 32,
        seal_key=SEAL_KEY,
        token_key=TOKEN_KEY,
    )
    both = Both(House(Parts(ours), now=datetime.now(UTC)), ours, replace(theirs, reminders_url=None))
    both.start()
    both.begin()
    both.consent("sms", named("consent"))
    reminder = {"kind": "practice", "channel": "sms", "cadence": EVERY_DAY}
    both.put("therapist", f"{HERS}/reminders/{named('noon')}", reminder)
    app, alone = create_app(theirs, threads=4), create_app(replace(theirs, reminders_url=nowhere), threads=4)
    live(Knock(app))
    both.follow()
    with ExitStack() as there:
        listening(ours, reminders, there)
        yield Town(both, app, alone)
    for one in (app, alone):
        one.extensions[ROOMS].close()
    both.close()


def listening(ours: Settings, url: str, there: ExitStack) -> None:
    """The reminder service answers at this address."""
    app = create_reminders(ours)
    there.callback(app.extensions["parts"].close)
    there.enter_context(serving(app, int(url.rpartition(":")[2])))


@pytest.fixture
def ana(town: Town) -> Visitor:
    """Her therapist, in the room beside the other house."""
    return Visitor(town.app).signed_in("therapist")


def sent(town: Town) -> None:
    """A message of hers that went."""
    town.both.house.schedule_at(NOON)
    town.both.house.answer()


@dataclass(frozen=True)
class Question:
    """What a therapist asks; the links that she presses, from her list on; and what stands there then."""

    asked: str
    presses: tuple[str, ...]
    answers: tuple[str, ...]
    form: str = ""
    """What she sends there, a slider or a choice, where that is the last press."""


HISTORY = (NAME, "How it changed: Answer the phone at work, breathing first")
THEN = f"/goals/{LIVED}/history?axis=true&day={(datetime.now(UTC).date() - timedelta(days=19)).toordinal()}"
QUESTIONS = (
    Question(
        "1 What changed, when, why, by whom, by which way, and who agreed?",
        HISTORY,
        (
            "Eased",
            "entered on",
            "Ana Ruiz, by another program",
            "agreed together",
            f"It was too hard – {REASON}",
        ),
    ),
    Question("2 How was it on a day, as it was true then?", HISTORY, ("as it was then", "How much 6"), THEN),
    Question(
        "2 How was it on a day, as it was known then?",
        HISTORY,
        ("This goal was not there yet.",),
        THEN.replace("axis=true", "axis=known"),
    ),
    Question(
        "3 What differs between two days?",
        (*HISTORY, "Two days side by side"),
        ("One day", "A later day", "What happened in between, and why"),
    ),
    Question("4 What were her own first words?", HISTORY, ("Her first words, and today's", FIRST_WORDS)),
    Question(
        "5 How often was it eased, how often stretched?", HISTORY, ("Eased so far 1", "Stretched so far 1")
    ),
    Question(
        "6 How far has it come by the ratings of each measure?",
        HISTORY,
        ("a rating from 0 to 10: calm client 3 6 +3", "each day: walk client 4 7 +3"),
    ),
    Question(
        "7 What was sent, held back and by which rule, answered?",
        (NAME, "Messages"),
        ("a reminder to practise", "What she answered", "In the next seven days"),
    ),
    Question("8 Was consent in force when it went out?", (NAME, "Messages"), ("in force since", "(1)")),
    Question("9 Who has looked?", (NAME, "Who has looked"), ("Ana Ruiz (therapist)", "her messages")),
    Question(
        "9 Who took a copy?",
        (NAME, "Who has looked", "Only copies that were taken"),
        ("took a copy: for the client herself",),
    ),
    Question(
        "10 Is the log intact?",
        (*HISTORY, "Is it as it was written?"),
        ("As it was written", "in a chain of", "seal 1, made on"),
    ),
    Question(
        "11 Everything about her, exported.",
        (NAME, "Copies"),
        ("recorded", FIRST_WORDS),
        f"{HER_PAGE}/export?purpose=client&format=csv",
    ),
)


def pressed(visitor: Visitor, page: str, link: str) -> str:
    """The page behind the link of that name, which is on this page."""
    for address, name in re.findall(r'<a [^>]*?href="([^"]+)"[^>]*>(.*?)</a>', page, re.DOTALL):
        if words(name).strip().replace(" :", ":") == link:
            answer = visitor.get(unescape(address).partition("#")[0])
            assert answer.status_code == 200
            return answer.text
    pytest.fail(f"there is no link {link}")


def test_each_of_the_eleven_questions_is_answered_within_three_presses(town: Town, ana: Visitor) -> None:
    sent(town)
    rooms = town.app.extensions[ROOMS]
    seal(rooms.house.engine, rooms.seals.place, (SEAL_KEY,), datetime.now(UTC))
    ana.get(f"{HER_PAGE}/export?purpose=client&format=jsonl")
    for question in QUESTIONS:
        page = ana.get("/clients").text
        for link in question.presses:
            page = pressed(ana, page, link)
        if question.form:
            assert f'action="{question.form.partition("?")[0]}"' in page
            page = ana.get(question.form).text
        assert len(question.presses) + bool(question.form) <= 3
        for answer in question.answers:
            assert answer in words(page), (question.asked, answer, words(page))


def test_what_is_to_come_is_shown_as_it_will_be_read(ana: Visitor) -> None:
    page = ana.get(MESSAGES).text
    coming = page.partition("In the next seven days")[2].partition("What she answered")[0]
    assert coming.count("Northside:") >= 4
    assert "12:00" in coming
    assert "STOP to end." in coming


def test_what_was_sent_names_the_consent_that_was_in_force(town: Town, ana: Visitor) -> None:
    sent(town)
    told = words(ana.get(MESSAGES).text.partition("What was sent, and what was held back")[2])
    assert "a reminder to practise" in told
    assert "in force since" in told


def test_what_she_wrote_waits_for_a_reader_in_the_list_and_on_her_page(town: Town, ana: Visitor) -> None:
    text = town.both.house.hears(WROTE, "SM-sister")
    assert "1 text to read" in ana.get("/clients").text
    page = ana.get(HER_PAGE).text
    assert "She wrote something that nobody has read" in page
    assert WROTE in page
    assert ana.send(f"{HER_PAGE}/texts/{text}").status_code == 303
    assert "text to read" not in ana.get("/clients").text
    assert WROTE not in ana.get(HER_PAGE).text
    assert WROTE in ana.get(MESSAGES).text
    assert ana.send(f"{HER_PAGE}/texts/{UUID(int=7)}").status_code == 404


def test_a_flag_shows_the_words_that_raised_it_and_whom_to_call(town: Town, ana: Visitor) -> None:
    flag = "I want to die"
    town.both.house.hears(flag, "SM-flag")
    assert flag in ana.get(HER_PAGE).text  # before the log has heard of it, too
    while town.both.carry():
        pass
    page = ana.get(HER_PAGE).text.partition('id="flags"')[2].partition("</section>")[0]
    assert flag in page
    assert "tel:+1503" in page
    name = re.search(r'/flags/([0-9a-f-]{36})"', page)
    assert name
    ana.send(f"{HER_PAGE}/flags/{name[1]}")
    assert flag not in ana.get(HER_PAGE).text


def test_the_look_is_written_down_before_the_other_house_is_asked(town: Town) -> None:
    ana = Visitor(town.alone).signed_in("therapist")
    assert ana.get(MESSAGES).status_code == 200
    assert "her messages" in ana.get(f"{HER_PAGE}/looks").text


def test_where_the_other_house_is_away_that_is_said_and_all_else_works(town: Town) -> None:
    ana = Visitor(town.alone).signed_in("therapist")
    assert "The reminder service cannot be reached just now" in ana.get(MESSAGES).text
    assert "cannot be told just now" in ana.get(HER_PAGE).text
    away = ana.send(f"{HER_PAGE}/texts/{UUID(int=7)}")
    assert (away.status_code, "waits for you as before" in away.text) == (503, True)
    operator = Visitor(town.alone).signed_in("operator")
    assert "The reminder service cannot be reached" in operator.get("/operations").text


def test_an_operator_sees_figures_and_no_client(town: Town) -> None:
    operator = Visitor(town.app).signed_in("operator")
    page = operator.get("/operations").text
    assert "Messages that wait" in page
    assert "None: nothing new is heard of." in page  # no follower holds lanes: the test follows by itself
    assert operator.get(HER_PAGE).status_code == 403
    assert operator.get("/clients").status_code == 403
    assert Visitor(town.app).signed_in("therapist").get("/operations").status_code == 403


def test_an_operator_decides_on_a_message_of_which_nobody_knew(town: Town) -> None:
    message = unknown(town.both.house)
    operator = Visitor(town.app).signed_in("operator")
    assert str(message) in operator.get("/operations").text
    place = f"/operations/messages/{message}"
    assert operator.send(place, state="perhaps").status_code == 422
    decided = operator.send(place, state="delivered")
    assert (decided.status_code, "saved" in decided.location) == (303, True)
    late = operator.send(place, state="failed")
    assert (late.status_code, "saved" in late.location) == (303, False)
    assert str(message) not in operator.get("/operations").text
    assert Visitor(town.app).signed_in("therapist").send(place, state="failed").status_code == 403
