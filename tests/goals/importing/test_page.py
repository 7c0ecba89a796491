"""docs/import.md against the code: its example can be imported, and no field is left out."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import msgspec

from services.goals.importing.line_bodies import LINES, TOLD
from services.goals.importing.sheet import COLUMNS
from shared.clinic import Member
from tests import controls as c
from tests.goals.importing.test_lines import CLINIC, PLACE, judged

PAGE = (Path(__file__).parents[3] / "docs" / "import.md").read_text()


def test_the_example_is_taken_as_it_stands() -> None:
    block = re.search(r"```json\n(.*?)```", PAGE, re.DOTALL)
    assert block
    lines = [json.loads(line) for line in block[1].splitlines()]
    assert tuple(dict.fromkeys(line["what"] for line in lines)) == (
        "client", "consent", "goal", "practice", "rating", "win", "end",
    )  # fmt: skip
    clinic = msgspec.structs.replace(
        CLINIC, staff={c.THERAPIST: Member("therapist", "Ana", "ana@example.org")}
    )
    [one] = judged(*lines, place=replace(PLACE, clinic=clinic, staff_id=None))
    assert (one.bad, len(one.made) > len(lines)) == ((), True)


def test_each_kind_of_line_stands_there_with_its_fields() -> None:
    for what in TOLD:
        [row] = [line for line in PAGE.splitlines() if line.startswith(f"| `{what}` |")]
        told = set(re.findall(r"`(\w+)`", row)) | {"what", "id", "time", "client"}
        assert set(LINES[what].load_fields) - told == set()


def test_each_column_of_a_sheet_stands_there() -> None:
    assert [column for column in COLUMNS if f"`{column}`" not in PAGE] == []
