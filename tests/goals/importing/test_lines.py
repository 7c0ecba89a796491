"""What is wrong with a line is named: which line, which field, what would be right, and no word of it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.goals.importing.asked import Person
from services.goals.importing.bad import Bad
from services.goals.importing.judging import Judged, judge
from services.goals.importing.line_bodies import LINES as BODIES
from services.goals.importing.lines import Line, read
from services.goals.importing.people import Place, people
from services.goals.rules.record import Record
from shared.clinic import Member
from tests import controls as c
from tests.goals.importing.files import CLIENT, CONSENT, END, GOAL, LINES, PRACTICE, RATING, WIN, client, on

STARTED = datetime.now(UTC)
CLINIC = msgspec.structs.replace(
    c.A_CLINIC, staff={**c.A_CLINIC.staff, c.COLLEAGUE: Member("lead", "Bo", "bo@example.org")}
)
PLACE = Place(CLINIC, STARTED, c.THERAPIST)
TOMORROW = str((STARTED + timedelta(days=2)).date())


def numbered(lines: Iterable[Any]) -> list[Line]:
    return [Line(number, said) for number, said in enumerate(lines, start=1)]


def judged(*lines: Any, place: Place = PLACE) -> list[Judged]:
    """Each client, judged as one whom the log does not have."""
    return [
        judge(Record(person.client_id), person, place.clinic, STARTED)
        for person in people(numbered(lines), place)
    ]


def bad(*lines: Any, place: Place = PLACE) -> list[tuple[int, str | None]]:
    return [(one.line, one.field) for each in judged(*lines, place=place) for one in each.bad]


def without(line: dict[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in line.items() if key != name}


BAD: dict[str, tuple[tuple[Any, ...], list[tuple[int, str | None]]]] = {
    "none of it is": (tuple(LINES), []),
    "a line tells of nothing that is known": ((CLIENT, {"what": "moon"}), [(2, "what")]),
    "or of nothing": ((CLIENT, {}), [(2, "what")]),
    "a field is missing": ((CLIENT, without(GOAL, "target")), [(2, "target")]),
    "a field is none of the form's, and its name is not repeated": (
        (CLIENT, WIN | {"mood": "blue"}), [(2, None)],
    ),
    "two fields are wrong, and a line below": (
        (CLIENT, GOAL | {"target": 1.5, "confidence": 11}, RATING | {"value": 11}),
        [(2, "target"), (2, "confidence"), (3, "value")],
    ),
    "a number that cannot be dialled": (
        (CLIENT | {"contacts": {"sms": {"address": "12345"}}},), [(1, "contacts/sms/address")],
    ),
    "a key that might be a name": ((CLIENT | {"id": "Maya Okafor"},), [(1, "id")]),
    "a client stands twice": ((CLIENT, client(1), CLIENT), [(3, "id")]),
    "a line stands before its client": ((WIN, CLIENT), [(1, "client")]),
    "a line is another's": ((CLIENT, WIN | {"client": "18"}), [(2, "client")]),
    "a line is of a goal that is not hers": ((CLIENT, PRACTICE), [(2, None)]),
    "her first line is wrong, and the others are hers": ((CLIENT | {"adult": "yes"}, GOAL), [(1, "adult")]),
    "beside a line that cannot be read, what others say by themselves, and not what they lack": (
        (CLIENT, GOAL | {"confidence": 11}, PRACTICE, GOAL | {"id": "b", "end_on": on(400)}, RATING, WIN),
        [(2, "confidence"), (4, "end_on")],
    ),
    "she is no adult, and one line below cannot be read": (
        (CLIENT | {"adult": False}, GOAL | {"confidence": 11}), [(1, "adult"), (2, "confidence")],
    ),
    "she is no adult": ((CLIENT | {"adult": False}, GOAL), [(1, "adult")]),
    "nobody works there by that name": ((CLIENT | {"team": ["x@example.org"]},), [(1, "team")]),
    "a fact without an id has no day": ((CLIENT, without(without(WIN, "id"), "on")), [(2, "id")]),
    "what is to come": ((CLIENT, WIN | {"on": TOMORROW}), [(2, "on")]),
    "a label that says something clinical": (
        (CLIENT | {"preferences": {"label": "anxiety walk"}},), [(1, "preferences/label")],
    ),
    "a goal longer than a year": ((CLIENT, GOAL | {"end_on": on(400)}), [(2, "end_on")]),
    "a practice of nothing": ((CLIENT, GOAL, PRACTICE | {"quantity": 0}), [(3, "quantity")]),
    "a practice after the end": ((CLIENT, GOAL, END, PRACTICE), [(4, None)]),
    "an end that comes twice": ((CLIENT, GOAL, END, END), [(4, None)]),
    "a third goal in focus, in her first days": (
        (CLIENT, GOAL, GOAL | {"id": "b"}, GOAL | {"id": "c"}), [(4, "focus")],
    ),
    "a consent without a contact": (
        (without(CLIENT, "contacts"), CONSENT), [(2, "contact_id")],
    ),
    "the same id with other words": ((CLIENT, WIN, WIN | {"text": "other"}), [(3, "text")]),
    "other preferences than can be": (
        (CLIENT | {"preferences": {"daily_cap": 9}}, WIN), [(1, "daily_cap")],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("lines", "expected"), BAD.values(), ids=BAD)
def test_what_is_bad_is_named(lines: tuple[Any, ...], expected: list[tuple[int, str | None]]) -> None:
    assert bad(*lines) == expected
    made = [bool(each.made) for each in judged(*lines)]
    assert made == [True] * len(made) if not expected else not all(made)


def test_who_works_with_her_is_said_somewhere() -> None:
    nobody = replace(PLACE, staff_id=None)
    assert bad(client(1), client(2, team=["bo@example.org"]), place=nobody) == [(1, "team")]


def test_a_team_of_several_is_hers_and_the_first_writes_it_down() -> None:
    [one] = judged(client(1, team=["BO@example.org", str(c.THERAPIST)]))
    assert one.after.known_client().team == (c.COLLEAGUE, c.THERAPIST)
    assert {actor.id for _, actor in one.made} == {str(c.COLLEAGUE)}


def test_what_is_left_out_is_the_clinics() -> None:
    [one] = judged(client(1))
    her = one.after.known_client()
    assert (her.locale, her.time_zone) == (CLINIC.locale, CLINIC.time_zone)


def test_a_draft_and_a_goal_that_is_to_begin_are_goals_too() -> None:
    draft = {"what": "goal", "client": "17", "id": "d", "status": "draft", "statement": c.STATEMENT}
    ahead = GOAL | {"id": "e", "start_on": TOMORROW, "end_on": str((STARTED + timedelta(days=40)).date())}
    [one] = judged(CLIENT, draft, ahead)
    assert sorted(goal.status for goal in one.after.goals.values()) == ["active", "draft"]
    assert max(proposed.time for proposed, _ in one.made) <= STARTED


WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12).map(lambda said: f"zq{said}")
JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), WORDS),
    lambda inner: st.one_of(st.lists(inner, max_size=2), st.dictionaries(WORDS, inner, max_size=2)),
    max_leaves=4,
)
FIELDS = sorted({name for body in BODIES.values() for name in body.load_fields})
SPOILED = st.builds(
    lambda line, name, value: line | {name: value},
    st.sampled_from(LINES),
    st.one_of(st.sampled_from(FIELDS), WORDS),
    JSON,
)


@given(st.lists(st.one_of(SPOILED, st.dictionaries(WORDS, JSON, max_size=3)), max_size=6))
def test_whatever_stands_in_a_line_is_taken_or_named_and_never_repeated(lines: list[dict[str, Any]]) -> None:
    found = judged(CLIENT, *lines)
    for each in found:
        assert not (each.made and each.bad)
        for one in each.bad:
            assert 1 <= one.line <= len(lines) + 1
            assert "zq" not in str(one)


@given(st.binary(max_size=200))
def test_whatever_the_bytes_of_a_file_are_each_line_is_read_or_named(
    tmp_path_factory: Any, raw: bytes
) -> None:
    file: Path = tmp_path_factory.getbasetemp() / "lines"
    file.write_bytes(raw)
    for line in read(file, lambda _: None):
        assert isinstance(line.said, dict | Bad)


@pytest.mark.parametrize(
    "raw",
    [
        b'{"a": 1, "a": 2}',
        b"[1]",
        b"\xff\xfe{}",
        b"{" * 100_000,
        b'{"a": NaN}',
        b'{"a": "' + b"x" * 1_100_000 + b'"}',
    ],
    ids=["twice", "no object", "no UTF-8", "deep", "no number", "long"],
)
def test_a_line_that_cannot_be_read_is_named_and_the_next_is_read(tmp_path: Path, raw: bytes) -> None:
    file = tmp_path / "lines"
    file.write_bytes(raw + b"\n\n" + json.dumps(CLIENT).encode())
    heard: list[int] = []
    first, second = read(file, heard.append)
    assert isinstance(first.said, Bad)
    assert (first.number, second.number, second.said) == (1, 3, CLIENT)
    assert sum(heard) == file.stat().st_size


def test_the_same_file_means_the_same_ids() -> None:
    def ids(found: list[Judged]) -> list[UUID]:
        return [proposed.event_id for each in found for proposed, _ in each.made]

    assert ids(judged(*LINES)) == ids(judged(*LINES))
    assert len(set(ids(judged(*LINES)))) == len(ids(judged(*LINES)))


def test_no_two_clients_are_one() -> None:
    [one, other] = people(numbered([client(1), client(2)]), PLACE)
    assert isinstance(one, Person)
    assert one.client_id != other.client_id
