"""A record that older code began and today's goes on with: nothing is rewritten, and all of it is read."""

from __future__ import annotations

from dataclasses import replace
from typing import get_args
from uuid import UUID

import msgspec
import pytest
from sqlalchemy import text

from services.goals.beats import House
from services.goals.log import feed
from services.goals.log.verify import verify
from services.goals.rebuilding.rebuild import check
from services.goals.remembered import Remembered
from services.goals.rules.access import Who
from services.goals.rules.commands.client import GiveConsent, SetContact, WithdrawConsent
from services.goals.rules.commands.goal import LogPractice, VoidPractice
from services.goals.rules.history import history
from services.goals.rules.timeline import Axis, as_of, goal_in
from shared.events import ConsentGiven, ConsentWithdrawn, PracticeLogged
from shared.lanes import LANES
from shared.upcasting import UnknownShape
from tests import controls as c
from tests.goals.asking import ask, record_of, registered
from tests.goals.rules.given import BREATHE
from tests.older import after, before

BY_TEXT = Who("service", "reminders", c.CLINIC)
FIRST = LogPractice(goal_id=c.GOAL, practice_id=c.named(1), note="calm")
SECOND = LogPractice(goal_id=c.GOAL, practice_id=c.named(2))
YES = GiveConsent(consent_id=c.named(3), scope="sms", text_version="1")
STOP = WithdrawConsent(consent_id=c.named(3), scope="sms")


@pytest.fixture
def client(house: House) -> UUID:
    """Whose first practice, and what she agreed to and stopped, older code wrote down by her texts."""
    client = registered(house)
    ask(house, client, BREATHE)
    ask(house, client, SetContact(channel="sms", address=c.NUMBER))
    with before("via", PracticeLogged, ConsentGiven, ConsentWithdrawn):
        for command in (FIRST, YES, STOP):
            ask(house, client, command, BY_TEXT)
    ask(house, client, SECOND)
    return client


def anew(house: House) -> House:
    """The house, remembering nothing: what it knows it reads."""
    return replace(house, remembered=Remembered())


def test_the_log_keeps_the_bytes_that_were_written_and_verifies(house: House, client: UUID) -> None:
    rows = text(
        "SELECT type, schema, convert_from(body, 'UTF8') FROM cairn.load(:clinic, :client)"
        " WHERE type ~ 'practice|consent'"
    )
    with house.engine.connect() as connection:
        stored = list(connection.execute(rows, {"clinic": c.CLINIC, "client": client}))
    assert [(row[0].split(".")[2], row[1], "via" in row[2]) for row in stored] == [
        ("logged", 1, False), ("given", 1, False), ("withdrawn", 1, False), ("logged", 2, True),
    ]  # fmt: skip
    assert [verdict.fault for verdict in verify(house.engine) if verdict.fault] == []


def test_what_is_read_says_by_which_way_she_told_of_it(house: House, client: UUID) -> None:
    events = record_of(house, client)
    ways = [
        (type(event.data).__name__, event.data.via)
        for event in events
        if isinstance(event.data, PracticeLogged | ConsentGiven | ConsentWithdrawn)
    ]
    assert ways == [
        ("PracticeLogged", "sms"), ("ConsentGiven", "sms"), ("ConsentWithdrawn", "sms"),
        ("PracticeLogged", "api"),
    ]  # fmt: skip
    told = [entry.data for entry in history(events, c.GOAL) if entry.type == PracticeLogged.TYPE]
    assert [(data["via"], data["note"]) for data in told] == [("sms", "calm"), ("api", None)]


@pytest.mark.parametrize("axis", get_args(Axis))
def test_the_past_and_the_present_count_both(house: House, client: UUID, axis: Axis) -> None:
    events = record_of(house, client)
    goal = goal_in(as_of(events, events[-1].recorded_at, axis), c.GOAL)
    assert goal is not None
    assert goal.practices == 2
    assert check(house.engine, house.vault).different == 0


def test_a_repeat_is_free_and_a_void_holds_whatever_the_shape(house: House, client: UUID) -> None:
    for command in (FIRST, YES, STOP, SECOND):
        if command is not YES:  # it was withdrawn
            assert not ask(anew(house), client, command, BY_TEXT).created
    assert ask(anew(house), client, VoidPractice(goal_id=c.GOAL, practice_id=c.named(1)), BY_TEXT).created
    [goal] = [event for event in record_of(house, client) if event.data.TYPE == "cairn.practice.voided.v1"]
    assert goal.stream_id == c.GOAL


def test_the_feed_gives_all_in_the_newest_shape(house: House, client: UUID) -> None:
    items, _ = feed.page(house.engine, house.vault, lanes=range(LANES), after={}, limit=100, granted=True)
    practices = [item for item in map(msgspec.json.decode, items) if item["type"] == PracticeLogged.TYPE]
    assert [(item["dataversion"], item["data"]["via"]) for item in practices] == [("2", "sms"), ("2", "api")]


def test_what_newer_code_wrote_is_refused_by_its_name_and_nothing_is_guessed(
    house: House, client: UUID
) -> None:
    with after(PracticeLogged):
        ask(house, client, LogPractice(goal_id=c.GOAL, practice_id=c.named(4)))
    unknown = rf"cairn\.practice\.logged\.v1 in shape {PracticeLogged.SHAPE + 1}"
    with pytest.raises(UnknownShape, match=unknown):
        ask(anew(house), client, LogPractice(goal_id=c.GOAL, practice_id=c.named(5)))
    with pytest.raises(UnknownShape, match=unknown):
        feed.page(house.engine, house.vault, lanes=range(LANES), after={}, limit=100, granted=True)
