"""The commands that try things out: they answer in JSON or in times, and name what is wrong in one line."""

from __future__ import annotations

import json
from typing import Any

import pytest
from click.testing import CliRunner

from services.reminders.commands import reminders
from shared.settings import Settings

SUNDAYS = '{"days": ["sun"], "times": ["02:30"]}'
NEW_YORK = ("slots", "--zone", "America/New_York", "--after", "2026-03-01T12:00:00Z")


def tried(*words: str, stdin: str | None = None) -> tuple[int, str]:
    done = CliRunner().invoke(reminders, list(words), input=stdin, obj=Settings.read({}))
    return done.exit_code, done.output


def in_json(*words: str) -> Any:
    code, said = tried(*words)
    assert code == 0, said
    return json.loads(said)


def test_a_reply_is_understood_in_its_context() -> None:
    assert in_json("read", "done 2, felt calm") == {"intent": "done", "value": 2, "note": "felt calm"}
    assert in_json("read", "7") == {"intent": "unknown", "value": None}
    context = '{"rating_asked_hours_ago": 3}'
    assert in_json("read", "7", "--context", context) == {"intent": "rating", "value": 7}


def test_many_replies_are_read_one_a_line() -> None:
    lines = ['{"text": "STOP"}', "", '{"text": "b", "context": {"focus_goals": 2}}']
    code, said = tried("read", "-", stdin="\n".join(lines))
    assert code == 0
    assert [json.loads(line)["intent"] for line in said.splitlines()] == ["opt_out", "answer"]


def test_bytes_that_are_no_text_are_read_as_signs_that_are_no_words() -> None:
    assert in_json("read", "done 2, felt \udcff") == {"intent": "done", "value": 2, "note": "felt �"}
    code, said = tried("read", "7", "--context", "\udcff")
    assert (code, "--context" in said) == (2, True)


def test_slots_are_said_in_utc_across_the_change_of_the_clocks() -> None:
    code, said = tried(*NEW_YORK, "--cadence", SUNDAYS, "-n", "3")
    assert code == 0
    assert said.split() == ["2026-03-08T07:30:00Z", "2026-03-15T06:30:00Z", "2026-03-22T06:30:00Z"]


def test_a_wording_is_judged() -> None:
    fit = in_json("lint", "Northside: a small reminder. STOP to end.", "--starts")
    assert fit == {"encoding": "GSM-7", "units": 41, "segments": 1, "forbidden": []}
    unfit = in_json("lint", "Your therapy session: you missed it 😞", "--where", "email_subject")
    assert unfit["forbidden"] == ["therapy", "session", "missed"]
    assert unfit["encoding"] == "UCS-2"


def test_what_starts_a_conversation_says_how_to_end_it_in_either_language() -> None:
    assert in_json("lint", "Northside: hello.", "--starts")["missing"] == ["STOP to end."]
    assert "missing" not in in_json("lint", "Northside: hello.")
    assert "missing" not in in_json("lint", "Northside: hola. STOP para terminar.", "--starts")


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (("read", "7", "--context", "{"), "--context"),
        (("read", "7", "--context", '{"rating": 1}'), "--context"),
        ((*NEW_YORK, "--cadence", '{"days": ["noday"], "times": ["08:00"]}'), "--cadence"),
        ((*NEW_YORK, "--cadence", '{"days": [], "times": []}'), "--cadence"),
        (("slots", "--zone", "Mars", "--cadence", SUNDAYS, "--after", "2026-03-01T12:00:00Z"), "--zone"),
        (("slots", "--zone", "../etc", "--cadence", SUNDAYS, "--after", "2026-03-01T12:00:00Z"), "--zone"),
        (("slots", "--zone", "UTC", "--cadence", SUNDAYS, "--after", "2026-03-01"), "--after"),
    ],
)
def test_what_is_wrong_is_named_and_ends_with_2(words: tuple[str, ...], named: str) -> None:
    code, said = tried(*words)
    assert code == 2
    assert named in said


def test_a_wrong_line_is_named() -> None:
    code, said = tried("read", "-", stdin='{"text": "done"}\n{"txt": "done"}\n')
    assert code == 2
    assert "line 2" in said
