"""The integrity badge: what it checked, when, against which seal, and that it sees what was changed."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import create_engine, text

from services.goals.api.call import ROOMS
from services.goals.seals.sealing import seal
from services.goals.seals.signing import public_of
from tests.conftest import Databases
from tests.controls import GOAL
from tests.goals.api.callers import A_GOAL, SEAL_KEY, Knock, named
from tests.goals.web.visitors import Visitor


@pytest.fixture
def seals(app: Flask, tmp_path: Path) -> Callable[[], None]:
    """Seals the log as it is."""

    def make() -> None:
        rooms = app.extensions[ROOMS]
        assert seal(rooms.house.engine, rooms.seals.place, (SEAL_KEY,), datetime.now(UTC))

    return make


@pytest.fixture
def tamper(databases: Databases) -> Callable[[str], None]:
    """Changes the log as only a superuser can who switches the triggers off."""

    def change(statement: str) -> None:
        admin = create_engine(databases.goals_admin)
        with admin.begin() as connection:
            connection.execute(text("SET LOCAL session_replication_role = replica"))
            connection.execute(text(statement))
        admin.dispose()

    return change


def badge(visitor: Visitor) -> str:
    """What the badge says."""
    answer = visitor.get(f"/goals/{GOAL}/integrity")
    assert answer.status_code == 200
    found = answer.text.partition("<main")[2].partition("</main>")[0]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", found))


def practise(knock: Knock) -> None:
    assert (
        knock("client", "PUT", f"{A_GOAL}/practices/{named('one more')}", {"quantity": 1}).status_code == 201
    )


def test_before_any_seal_it_says_what_a_chain_alone_can_prove(ana: Visitor) -> None:
    said = badge(ana)
    assert "✓ As it was written" in said
    assert re.search(r"Checked \w{3}, \w{3} \d+, \d{4}", said)
    assert "no seal: none has been made yet" in said


def test_it_says_against_which_seal_and_how_much_stands_under_it(
    ana: Visitor, knock: Knock, seals: Callable[[], None]
) -> None:
    seals()
    before = badge(ana)
    assert re.search(rf"seal 1, made on .*, signed by key {public_of(SEAL_KEY)['kid']}", before)
    assert "Under a seal all of them" in before
    practise(knock)
    after = badge(ana)
    entries = re.search(r"(\d+) of (\d+); the next seal takes in the rest", after)
    assert entries
    assert int(entries[1]) < int(entries[2])


CHANGES = {
    "an entry is changed": "UPDATE cairn.event SET body = '{}' WHERE version = 2",
    "the newest is cut off": "DELETE FROM cairn.event WHERE type LIKE 'cairn.practice%'",
    "the newest is cut off, and its head": (
        "WITH gone AS (DELETE FROM cairn.event WHERE type LIKE 'cairn.practice%' RETURNING lane, position)"
        " UPDATE cairn.lane_head head SET position = kept.position, hash = kept.hash,"
        " recorded_at = kept.recorded_at FROM gone, cairn.event kept"
        " WHERE head.lane = gone.lane AND kept.lane = gone.lane AND kept.position = gone.position - 1"
    ),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_what_was_changed_behind_its_back_shows(
    ana: Visitor, knock: Knock, seals: Callable[[], None], tamper: Callable[[str], None], change: str
) -> None:
    practise(knock)
    seals()
    assert "✓" in badge(ana)
    tamper(change)
    said = badge(ana)
    assert "✗ Not as it was written" in said
    assert re.search(r"Where lane \d+: event \d+ is", said)


def test_a_seal_that_is_not_as_it_was_made_proves_nothing(
    ana: Visitor, seals: Callable[[], None], tmp_path: Path
) -> None:
    seals()
    (file,) = (tmp_path / "seals").iterdir()
    file.chmod(0o644)
    file.write_text(file.read_text().replace('"position":', '"position":1'))
    said = badge(ana)
    assert "✗ Not as it was written" in said
    assert "no seal: seal 1 is not as it was made" in said


def test_where_the_seals_cannot_be_read_the_chain_alone_is_checked(
    ana: Visitor, seals: Callable[[], None], tmp_path: Path
) -> None:
    seals()
    (tmp_path / "seals").rename(tmp_path / "elsewhere")
    (tmp_path / "seals").symlink_to("seals")  # a loop: nobody may read it, root neither
    said = badge(ana)
    assert "✓ As it was written" in said
    assert "no seal: where they are kept cannot be reached just now" in said


def test_who_may_not_see_the_record_checks_nothing_of_it(app: Flask) -> None:
    assert Visitor(app).signed_in("lead elsewhere").get(f"/goals/{GOAL}/integrity").status_code == 404
    assert Visitor(app).get(f"/goals/{GOAL}/integrity").status_code == 303
