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
        "\t=1",
        "\r=1",
        " =1",
        "\n=1",
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


@given(st.lists(st.tuples(st.text(), st.text()), max_size=5))
def test_every_cell_comes_back_and_none_begins_a_formula(rows: list[tuple[str, ...]]) -> None:
    file = written(rows)
    assert file.startswith(b"\xef\xbb\xbf")
    read = list(csv.reader(io.StringIO(file.decode("utf-8-sig"), newline="")))
    assert read == [[inert(cell) for cell in row] for row in rows]
    assert not [cell for row in read for cell in row if cell.lstrip()[:1] in BEGINS_A_FORMULA]
