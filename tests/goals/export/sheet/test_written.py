"""A sheet is opened as text by every spreadsheet: what somebody wrote is never computed."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.goals.export.sheet.written import BEGINS_A_FORMULA, inert, written


@pytest.mark.parametrize(
    "cell",
    [
        "=1+1",
        "+1",
        "-1+2",
        "@SUM(A1)",
        " =1",
        "＝1",
        "%0A=1",
        "|cmd",
        "=cmd|' /C calc'!A0",
    ],
)
def test_what_looks_like_a_formula_is_text(cell: str) -> None:
    assert inert(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["", "2026-03-02", "deep breathing", "a=b", "3", "«¿Qué?»", "don't"])
def test_what_is_none_stays_as_it_is(cell: str) -> None:
    assert inert(cell) == cell


WORDS = st.text(st.sampled_from(";\t\r\n \"',=+-@|a1\u3000＝")) | st.text()


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("calm;=1+1;", "calm;'=1+1;"),
        ('calm; "=1+1;', "calm; \"'=1+1;"),
        ("calm\t@SUM(A1)", "calm\t'@SUM(A1)"),
        ("\t=1", "'\t'=1"),
        ("\r=1", "'\r'=1"),
        ("\n=1", "'\n'=1"),
        ("calm\n=1;", "calm\n'=1;"),
        ("calm; and warm, -ish", "calm; and warm, -ish"),
    ],
)
def test_what_would_be_a_formula_where_cells_are_parted_otherwise_is_text(cell: str, expected: str) -> None:
    assert inert(cell) == expected


@given(st.lists(st.tuples(st.just("2026-03-02"), WORDS, WORDS), max_size=5), st.sampled_from(";\t"))
def test_no_cell_begins_a_formula_where_cells_are_parted_otherwise(
    rows: list[tuple[str, ...]], delimiter: str
) -> None:
    file = written(rows).decode("utf-8-sig")
    cells = [cell for row in csv.reader(io.StringIO(file, newline=""), delimiter=delimiter) for cell in row]
    assert not [cell for cell in cells if cell.lstrip()[:1] in BEGINS_A_FORMULA - {"\t", "\r", "\n"}]


@given(st.lists(st.tuples(st.text(), st.text()), max_size=5))
def test_every_cell_comes_back_and_none_begins_a_formula(rows: list[tuple[str, ...]]) -> None:
    file = written(rows)
    assert file.startswith(b"\xef\xbb\xbf")
    read = list(csv.reader(io.StringIO(file.decode("utf-8-sig"), newline="")))
    assert read == [[inert(cell) for cell in row] for row in rows]
    assert not [cell for row in read for cell in row if cell.lstrip()[:1] in BEGINS_A_FORMULA]
