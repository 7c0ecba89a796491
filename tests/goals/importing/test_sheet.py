"""A spreadsheet of clients and goals, as spreadsheets save it: each row is taken, or named by its columns."""

from __future__ import annotations

import csv
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.goals.beats import House
from services.goals.importing.bad import Bad, Unreadable
from services.goals.importing.commands import client_id_of
from services.goals.importing.forms import opened
from services.goals.importing.sheet import read
from tests import controls as c
from tests.goals.asking import record_of, types_of
from tests.goals.importing.files import MAYA, Import, on

HEAD = (
    "Client,Name,Adult,Phone,Email,Therapist,Goal,Theme,Statement,Specific,Measure,Unit,Period,Target,Confidence,"
    "Relevance,Start_on,End_on,Review_on,Focus"
)
WORDS = '17-a,coping,"I want, ""soon"", to breathe",Five minutes'
BREATHE = f"{WORDS},per_period,exercise,day,2,7,calm,{on(1)},{on(60)}"
ROWS = [
    HEAD,
    f"17,{c.NAME},yes,{c.NUMBER},{c.ADDRESS},ana@example.org,{BREATHE},{on(20)}; {on(60)},no",
    "17,,,,,,17-b,,Words of mine,,,,,,,,,,,",
    ",,,,,,,,,,,,,,,,,,,",
    "18,Noor Haddad,sí,,,,,,,,,,,,,,,,,",
]


@given(st.binary(max_size=120), st.booleans())
def test_whatever_the_bytes_of_a_sheet_are_each_row_is_read_or_the_file_is_refused(
    tmp_path_factory: pytest.TempPathFactory, raw: bytes, headed: bool
) -> None:
    file = tmp_path_factory.getbasetemp() / "a-sheet"
    file.write_bytes(HEAD.encode() + b"\r\n" + raw if headed else raw)
    with suppress(Unreadable):
        assert all(isinstance(line.said, dict | Bad) for line in read(file, lambda _: None))


CELLS = st.lists(st.text(st.characters(codec="utf-8"), max_size=6), max_size=22)


@given(st.lists(CELLS, max_size=3), st.sampled_from(",;\t"))
def test_whatever_stands_in_its_cells_each_row_is_read_or_named(
    tmp_path_factory: pytest.TempPathFactory, rows: list[list[str]], delimiter: str
) -> None:
    file = tmp_path_factory.getbasetemp() / "a-sheet"
    with file.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out, delimiter=delimiter).writerows([HEAD.split(","), *rows])
    found = list(read(file, lambda _: None))
    assert all(isinstance(line.said, dict | Bad) for line in found)
    assert len(found) <= 2 * len(rows)


def lines(place: Path, *rows: str, encoding: str = "utf-8") -> list[Any]:
    file = place / "sheet.csv"
    file.write_bytes("\r\n".join(rows).encode(encoding))
    return [line.said for line in read(file, lambda _: None)]


def test_its_clients_and_goals_are_imported(imports: Import, house: House) -> None:
    assert imports(*ROWS, name="clients.csv")[0] == 0
    assert types_of(house, MAYA).count("cairn.goal.drafted.v1") == 2
    [goal] = [event.data for event in record_of(house, MAYA) if event.data.TYPE == "cairn.goal.set.v1"]
    assert (goal.target, goal.focus, goal.review_on[0].isoformat()) == (2, False, on(20))  # type: ignore[attr-defined]
    assert types_of(house, client_id_of(c.CLINIC, "18")) == [
        "cairn.client.registered.v1", "cairn.client.team_set.v1",
    ]  # fmt: skip
    assert imports(*ROWS, name="clients.csv")[1].startswith(
        "Events imported: 0. Clients that grew: 0; there already: 2."
    )


def test_what_is_bad_is_named_by_its_row_and_column(imports: Import) -> None:
    wrong = [
        HEAD,
        f"17,{c.NAME},maybe,12345,{c.ADDRESS},nobody,{BREATHE},{on(20)},no",
        f"18,Noor Haddad,yes,,,,{BREATHE.replace(',2,7,', ',2.5x,11,')},{on(20)},no",
        "18,Somebody Else,,,,,18-b,,Words of mine,,,,,,,,,,,",
    ]
    status, said = imports(*wrong, name="clients.csv")
    told = [line.split(": ")[:2] for line in said.splitlines()]
    assert status == 1
    assert told[:-1] == [
        ["line 2", "adult"], ["line 2", "phone"], ["line 3", "target"], ["line 3", "confidence"],
        ["line 4", "client"],
    ]  # fmt: skip
    assert "line 2: adult: yes or no is expected." in said
    assert "maybe" not in said
    assert "Somebody" not in said


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_however_it_was_saved_it_is_read(tmp_path: Path, delimiter: str) -> None:
    head, row = delimiter.join(("client", "name", "adult")), delimiter.join(("17", "Núria Ñ", "SÍ"))
    assert lines(tmp_path, head, row, encoding="utf-8-sig") == [
        {"what": "client", "id": "17", "name": "Núria Ñ", "adult": True}
    ]


def test_a_cell_that_cannot_be_is_left_for_the_form_to_say_what_would_be_right(tmp_path: Path) -> None:
    [client, goal] = lines(
        tmp_path, "client,name,adult,goal,measure,target,focus", "17,Maya,perhaps,a,count,many,sometimes"
    )
    assert client["adult"] == "perhaps"
    assert (goal["status"], goal["target"], goal["focus"]) == ("active", "many", "sometimes")


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (("client,name", "1,Maya"), "needed are client, name, adult"),
        (("client,name,adult,shoe size", "1,Maya,yes,38"), "Column 4 is called nothing that is known"),
        (("client,name,adult,name", "1,Maya,yes,M"), "Two columns"),
        (("client,name,adult", '1,"Maya,yes', "2,Noor,yes"), "its quotes do not fit"),
    ],
)
def test_a_sheet_that_cannot_be_read_is_refused_whole(
    tmp_path: Path, rows: tuple[str, ...], said: str
) -> None:
    with pytest.raises(Unreadable, match=said) as refused:
        lines(tmp_path, *rows)
    assert "shoe" not in str(refused.value)


def test_a_sheet_in_another_encoding_is_refused_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="CSV UTF-8"):
        lines(tmp_path, "client,name,adult", "17,Núria,yes", encoding="latin-1")


def test_a_row_that_says_otherwise_of_her_is_named(tmp_path: Path) -> None:
    found = lines(
        tmp_path, "client,name,adult,goal,statement", "1,Maya,yes,a,One", "1,Noor,,b,Two", "1,Maya,,c,Three"
    )
    assert [isinstance(one, Bad) for one in found] == [False, False, True, False]


def test_an_empty_file_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "nothing"
    file.write_text(" \n")
    with pytest.raises(Unreadable, match="empty"):
        opened(file)
