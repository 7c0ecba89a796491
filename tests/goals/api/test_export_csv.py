"""GET …/export?format=csv: her record as a sheet, in her language, with nothing in it that is computed."""

from __future__ import annotations

import csv
import io

import pytest

from tests import controls as c
from tests.goals.api.callers import A_CLIENT, A_GOAL, EASED, FLAG_BODY, Knock, named


def sheet(knock: Knock, who: str = "therapist", query: str = "purpose=transfer") -> list[dict[str, str]]:
    answer = knock(who, "GET", f"{A_CLIENT}/export?format=csv&{query}")
    assert answer.status_code == 200, answer.text
    assert answer.content_type.startswith("text/csv; charset=utf-8")
    return list(csv.DictReader(io.StringIO(answer.text.lstrip("\ufeff"), newline="")))


@pytest.fixture
def lived(active: Knock) -> Knock:
    """An eased goal, a practice, and a win with words that a spreadsheet would compute."""
    eased = active("therapist", "PUT", f"{A_GOAL}/adjustments/{named('eased')}", EASED, If_Match='"2"')
    assert eased.status_code == 201, eased.text
    active("client", "PUT", f"{A_GOAL}/practices/{named('done')}", {"quantity": 2, "note": "calm"})
    active("client", "PUT", f"{A_GOAL}/wins/{named('win')}", {"text": "=cmd|' /C calc'!A0"})
    active("client", "DELETE", f"{A_GOAL}/practices/{named('done')}")
    return active


def test_a_change_is_a_row_that_says_who_from_what_to_what_and_why(lived: Knock) -> None:
    rows = sheet(lived)
    (eased,) = [row for row in rows if row["what"] == "goal adjusted"]
    assert (eased["field"], eased["from"], eased["to"]) == ("target", "2", "1")
    assert eased["reason"].startswith("too hard: ")
    assert (eased["way"], eased["goal"]) == ("api", "1")
    assert eased["who"] not in ("", "therapist")


def test_a_formula_is_text(lived: Knock) -> None:
    assert [row["to"] for row in sheet(lived) if row["field"] == "text"] == ["'=cmd|' /C calc'!A0"]


def test_what_was_taken_back_is_marked(lived: Knock) -> None:
    (practised,) = [
        row for row in sheet(lived) if row["what"] == "practice logged" and row["field"] == "quantity"
    ]
    assert practised["taken back"] != ""


def test_it_is_in_her_language_and_her_time(lived: Knock) -> None:
    lived("client", "PUT", f"{A_CLIENT}/preferences", {"locale": "es", "time_zone": "Europe/Madrid"})
    rows = sheet(lived, "client", "purpose=client")
    assert "registrado (Europe/Madrid)" in rows[0]
    assert "objetivo ajustado" in {row["qué"] for row in rows}


def test_what_was_chosen_of_a_few_is_in_her_language_and_what_somebody_wrote_is_not(lived: Knock) -> None:
    lived("therapist", "PUT", f"{A_CLIENT}/contacts/sms", {"address": c.NUMBER, "verified_by": "seen"})
    lived("client", "PUT", f"{A_GOAL}/wins/{named('another')}", {"text": "seen"})
    lived("client", "PUT", f"{A_CLIENT}/preferences", {"locale": "es", "time_zone": "Europe/Madrid"})
    lived("therapist", "PUT", f"{A_CLIENT}/care-ends/{named('end')}", {"reason": "moved"})
    rows = sheet(lived)
    said = {row["campo"]: row["después"] for row in rows}
    assert (said["tema"], said["comprobado por"], said["palabras"]) == ("afrontamiento", "en persona", "seen")
    assert "se mudó" in {row["motivo"] for row in rows}


def test_one_goal_alone_has_no_row_of_anything_else(lived: Knock) -> None:
    assert {row["goal"] for row in sheet(lived, query=f"purpose=transfer&goal={c.GOAL}")} == {"1"}


@pytest.mark.parametrize(
    ("who", "purpose", "told"), [("therapist", "transfer", True), ("therapist", "client", False)]
)
def test_a_copy_for_herself_holds_no_flag_whoever_takes_it(
    lived: Knock, who: str, purpose: str, told: bool
) -> None:
    lived("service", "PUT", f"{A_CLIENT}/flags/{named('flag')}", FLAG_BODY)
    rows = sheet(lived, who, f"purpose={purpose}")
    assert any(row["what"] == "safety flagged" for row in rows) is told
