"""DONE and WIN: how often, of which goal, with which note; and what is neither."""

from __future__ import annotations

from typing import Any

import pytest

from services.reminders.rules.replies.reply import Context
from tests.reminders.rules.replies.given import (
    NOTHING,
    ONE_GOAL,
    RATING_ASKED,
    THREE_GOALS,
    TWO_AND_PROMPTED,
    TWO_GOALS,
    said,
)


def done(value: int = 1, goal: str | None = None, note: str | None = None) -> dict[str, Any]:
    more = {"goal": goal, "note": note}
    return {"intent": "done", "value": value} | {k: v for k, v in more.items() if v is not None}


DONE = [
    ("done", done()), ("DONE", done()), ("Done.", done()), ("done!!!", done()), (" done ", done()),
    ("\"done\"", done()), ("did it", done()), ("Did it!", done()), ("did", done()), ("I did", done()),
    ("i did it", done()), ("just did it", done()), ("all done", done()), ("done now", done()),
    ("please done", done()), ("y", done()), ("Y", done()), ("hecho", done()), ("HECHO", done()),
    ("listo", done()), ("lista", done()), ("Listo!", done()), ("lo hice", done()), ("ya lo hice", done()),
    ("hecho por favor", done()), ("done?", done()), ("did it 😊", done()), ("😊 done", done()),
    ("done 💪💪", done()), ("✓", done()), ("✔", done()), ("✔️", done()), ("☑", done()), ("☑️", done()),
    ("✅", done()), ("👍", done()), ("👍🏽", done()), ("✅✅", done()),
    ("✅ done", done()), ("done ✅", done()),
    ("ｄｏｎｅ", done()), ("d\u200bone", done()), ("done 2", done(2)), ("done x2", done(2)),
    ("done 2x", done(2)), ("done X3", done(3)), ("done x 4", done(4)), ("2x done", done(2)),
    ("done 99", done(99)), ("DONE ２", done(2)), ("done ٢", done(2)), ("✅ 2", done(2)), ("👍 x3", done(3)),
    ("listo 2", done(2)), ("hecho x2", done(2)), ("did it 3", done(3)),
    ("done, felt good", done(note="felt good")), ("Done - it was HARD", done(note="it was HARD")),
    ("done: slept better", done(note="slept better")), ("done. Felt calm.", done(note="Felt calm")),
    ("done\nmy chest was tight", done(note="my chest was tight")),
    ("done! so proud", done(note="so proud")), ("done (barely)", done(note="(barely)")),
    ("hecho, me sentí bien", done(note="me sentí bien")), ("done 2 felt good", done(2, note="felt good")),
    ("done x2, felt good", done(2, note="felt good")), ("done 2 a bit shaky", done(2, note="a bit shaky")),
    ("did it, I was scared", done(note="I was scared")), ("✅, finally", done(note="finally")),
    ("done :)", done()), ("done...", done()), ("y, dos veces", done(note="dos veces")),
]  # fmt: skip
OF_GOALS = [
    ("done b", TWO_GOALS, done(goal="B")), ("done B", THREE_GOALS, done(goal="B")),
    ("b done", TWO_GOALS, done(goal="B")), ("done 2 b", TWO_GOALS, done(2, "B")),
    ("done b 2", TWO_GOALS, done(2, "B")), ("done x2 a", TWO_GOALS, done(2, "A")),
    ("done c", THREE_GOALS, done(goal="C")),
    ("done b, felt good", TWO_GOALS, done(goal="B", note="felt good")),
    ("done", TWO_AND_PROMPTED, done(goal="B")), ("done a", TWO_AND_PROMPTED, done(goal="A")),
    ("done", ONE_GOAL, done()), ("done c", ONE_GOAL, done()), ("done a", ONE_GOAL, done(goal="A")),
    ("done b", NOTHING, done(goal="B")),
    ("done", Context(focus_goals=["x", "y"], last_prompt_goal="y"), done(goal="B")),
    ("done", Context(focus_goals=2, last_prompt_goal=0), done(goal="A")),
]  # fmt: skip
ASKED_WHICH = [
    ("done", TWO_GOALS, ["A", "B"], done()), ("done 2", THREE_GOALS, ["A", "B", "C"], done(2)),
    ("done c", TWO_GOALS, ["A", "B"], done()), ("✅", TWO_GOALS, ["A", "B"], done()),
    ("hecho, bien", TWO_GOALS, ["A", "B"], done(note="bien")),
]  # fmt: skip
NOT_DONE = [
    "not done", "didn't", "did not", "I didn't do it", "did you", "done it", "done with it", "i'm done",
    "I am done", "im so done", "done felt good", "done 0", "done 100", "done -1", "done 2.5", "done 1 2",
    "done a b", "2 done 2", "undone", "abandoned", "doner", "no", "nope", "done? not yet", "not done ✅",
    "well done you", "hecho polvo", "yes", "no lo hice", "yy", "done later", "👎",
]  # fmt: skip
WINS = [
    ("win", None), ("WIN!", None), ("Win 🎉", None), ("🎉 win", None), ("yay", None), ("YAY!!", None),
    ("logro", None), ("win called my sister", "called my sister"),
    ("win: called my sister", "called my sister"), ("win - I left the house", "I left the house"),
    ("yay I said no", "I said no"), ("Logro hablé con mi madre", "hablé con mi madre"),
    ("stopped panicking today, win", "stopped panicking today"), ("called mom - win", "called mom"),
    ("I said no. Win!", "I said no"), ("left the house\nwin", "left the house"),
    ("slept 8 hours; yay", "slept 8 hours"), ("hablé con ella, logro", "hablé con ella"),
    ("just win", None), ("win ✅", None), ("“win” called mum", "called mum"), ("«logro» salí", "salí"),
    ("win: “I did it”", "“I did it”"), ("“I said no” - win", "“I said no”"),
]  # fmt: skip
NOT_WINS = ["I want to win", "winter is hard", "we lost, no winning", "no win", "window", "darwin", "twin"]


@pytest.mark.parametrize(("text", "expected"), DONE)
def test_is_done(text: str, expected: dict[str, Any]) -> None:
    assert said(text) == expected


@pytest.mark.parametrize(("text", "context", "expected"), OF_GOALS)
def test_is_done_for_a_goal(text: str, context: Context, expected: dict[str, Any]) -> None:
    assert said(text, context) == expected


@pytest.mark.parametrize(("text", "context", "letters", "meant"), ASKED_WHICH)
def test_we_ask_which_goal_is_meant(
    text: str, context: Context, letters: list[str], meant: dict[str, Any]
) -> None:
    assert said(text, context) == {"intent": "ask_which", "value": letters, "meant": meant}


@pytest.mark.parametrize("text", NOT_DONE)
def test_is_not_done(text: str) -> None:
    assert said(text)["intent"] == "unknown"


@pytest.mark.parametrize(("text", "words"), WINS)
def test_is_a_win(text: str, words: str | None) -> None:
    assert said(text) == {"intent": "win", "value": words}


@pytest.mark.parametrize("text", NOT_WINS)
def test_is_no_win(text: str) -> None:
    assert said(text)["intent"] == "unknown"


def test_a_check_beside_a_number_is_a_rating_where_we_asked_for_one() -> None:
    assert said("7 👍", RATING_ASKED) == {"intent": "rating", "value": 7}
