"""A goal's history on its pages: what changed and why, any day, two days, a copy to take home."""

from __future__ import annotations

import re
from datetime import timedelta
from urllib.parse import urlencode

import pytest
from flask import Flask

from services.goals.web.history import PART
from tests.controls import CLIENT, GOAL, NAME
from tests.goals.api.callers import A_CLIENT, Knock, goal_body, named, today
from tests.goals.web.charts.drawn import points, read
from tests.goals.web.lived import FIRST_WORDS, HER_GOAL, LABEL, LIVED, NOTE, REASON, live
from tests.goals.web.visitors import Visitor, words

SCRIPT = "<script>alert(1)</script>"
NOW = "I want to answer the phone without shaking"


@pytest.fixture
def lived(ana: Visitor, knock: Knock) -> Visitor:
    """Her therapist, and a goal with a month behind it."""
    live(knock)
    return ana


def page(visitor: Visitor, name: str = "history", goal: object = LIVED, **asked: object) -> str:
    """A page of a goal's past."""
    answer = visitor.get(f"/goals/{goal}/{name}?{urlencode(asked)}")
    assert answer.status_code == 200, answer.text
    return answer.text


def on(days_ago: int) -> int:
    """A day as the slider sends it."""
    return (today() - timedelta(days=days_ago)).toordinal()


def day(days_ago: int) -> str:
    return str(today() - timedelta(days=days_ago))


def ratings(text: str) -> int:
    """How many ratings are drawn on a page."""
    found = re.search(r"<svg[^>]*ratings-title.*?</svg>", text)
    return len(points(read(found[0]))) if found else 0


def test_each_change_says_what_by_whom_by_which_way_who_agreed_and_why(reader: Visitor) -> None:
    said = words(page(reader))
    for part in (
        "Eased",
        "Ana Ruiz, by another program",
        "agreed together",
        "8 → 6",
        f"It was too hard – {REASON}",
    ):
        assert part in said
    assert "a rating from 0 to 10: calm → each day: walk" in said


def test_practices_ratings_and_wins_are_told_where_one_asks_for_them(reader: Visitor) -> None:
    assert NOTE not in page(reader)
    everything = words(page(reader, show="all"))
    for part in (NOTE, f"{NAME}, on a page", "The client rated it 7 of 10", "A win: Showed up"):
        assert part in everything
    assert "Practised: 9 taken back: it counts no more" in everything


def test_a_long_history_comes_in_parts_the_latest_first(reader: Visitor) -> None:
    first = page(reader, show="all")
    assert "Written down" not in first
    before = re.search(r"before=(\d+)#told", first)
    assert before
    assert "Written down" in page(reader, show="all", before=before[1])


def test_her_first_words_stand_beside_todays(reader: Visitor) -> None:
    part = page(reader).partition('aria-labelledby="words"')[2].partition("</section>")[0]
    assert words(part).index(FIRST_WORDS) < words(part).index(NOW)


def test_it_says_how_often_it_was_eased_and_stretched(lived: Visitor, knock: Knock) -> None:
    assert "Eased so far 1 Stretched so far 1" in words(page(lived))
    knock("therapist", "PUT", f"/v1/goals/{LIVED}/closures/{named('end')}", {"outcome": "achieved"})
    assert "Eased before it was reached 1 Stretched before it was reached 1" in words(page(lived))


def test_the_slider_shows_what_was_true_on_its_day_as_we_know_now(reader: Visitor) -> None:
    then, now = (page(reader, day=on(days), axis="true") for days in (19, 0))
    assert (ratings(then), ratings(now)) == (4, 10)
    assert "How much 6" in words(then)
    assert "What is counted a rating from 0 to 10: calm" in words(then)
    assert "How much 2" in words(now)


def test_what_was_not_known_yet_is_not_there_on_the_other_axis(reader: Visitor) -> None:
    assert "This goal was not there yet." in page(reader, day=on(19), axis="known")


@pytest.mark.parametrize("sent", ["0", "999999999999", "x", "²", "-5", ""])
def test_a_day_that_is_none_is_the_nearest_that_is_one(reader: Visitor, sent: str) -> None:
    page(reader, day=sent, axis="true")


def test_the_script_of_the_slider_gets_what_it_redraws_and_no_more(reader: Visitor) -> None:
    answer = reader.get(f"/goals/{LIVED}/history?day={on(19)}&axis=true", **{PART: "then"})
    assert ratings(answer.text) == 4
    assert "<html" not in answer.text
    assert REASON not in answer.text
    assert PART in answer.headers["Vary"]


def test_two_days_side_by_side_mark_what_differs_with_the_reasons_in_between(reader: Visitor) -> None:
    text = page(reader, "difference", **{"from": day(21), "to": day(7), "axis": "true"})
    rows = re.findall(r"<tr( class=\"differs\")?>(.*?)</tr>", text, re.DOTALL)
    differing = [words(row) for marked, row in rows if marked]
    assert any("How much differs 8 1" in row for row in differing)
    assert not any("How sure she is" in row for row in differing)
    assert REASON in text
    assert "It has become easy" not in text


@pytest.mark.parametrize(
    ("asked", "wrong"),
    [
        ({"from": "yesterday"}, "A day is expected"),
        ({"from": day(-3)}, "What is to come is not recorded"),
        ({"from": day(1), "to": day(2)}, "from is not after to"),
    ],
)
def test_days_that_cannot_be_compared_are_said_kindly(
    reader: Visitor, asked: dict[str, str], wrong: str
) -> None:
    answer = reader.get(f"/goals/{LIVED}/difference?{urlencode(asked)}")
    assert answer.status_code == 422
    assert wrong in answer.text
    assert 'value="yesterday"' not in answer.text


def test_her_copy_has_her_label_counts_and_drawings_and_her_words_by_choice(reader: Visitor) -> None:
    without, with_words = page(reader, "copy"), page(reader, "copy", words="yes")
    assert LABEL in without
    assert "Times practised 9" in words(without)
    assert "Your ratings" in without
    assert NOW not in without
    assert NOW in with_words


def test_her_copy_never_has_theme_reasons_notes_or_any_other_word_of_the_goal(reader: Visitor) -> None:
    copy = page(reader, "copy", words="yes")
    for word in (
        REASON,
        NOTE,
        FIRST_WORDS,
        NAME,
        "coping",
        "calm",
        ": walk",
        "breathing",
        "too hard",
        "shook",
    ):
        assert word not in copy, word
    assert "Answer the phone at work" not in copy


def test_her_copy_is_in_her_language(lived: Visitor, knock: Knock) -> None:
    knock("therapist", "PUT", f"{A_CLIENT}/preferences", {"locale": "es-MX"})
    copy = page(lived, "copy")
    assert '<html lang="es">' in copy
    assert "Tus valoraciones" in copy
    assert "tu ejercicio" in copy


def test_a_copy_is_in_the_access_log_as_one_and_a_look_as_a_look(reader: Visitor, month: Flask) -> None:
    knock = Knock(month)
    page(reader)
    page(reader, "copy")
    looks = knock("lead", "GET", f"/v1/access?client={CLIENT}").json["items"]
    told = [(look["what"], look["purpose"], look["goal_id"]) for look in looks[1:3]]
    assert told == [("goal_copy", "client", str(LIVED)), ("goal_history", None, str(LIVED))]


@pytest.mark.parametrize("name", ["history", "difference", "copy"])
def test_who_may_not_see_the_record_sees_none_of_it(month: Flask, name: str) -> None:
    assert Visitor(month).signed_in("lead elsewhere").get(f"/goals/{LIVED}/{name}").status_code == 404
    colleague = Visitor(month).signed_in("colleague").get(f"/goals/{LIVED}/{name}")
    assert colleague.status_code == 403
    assert "Why do you look?" in colleague.text
    assert Visitor(month).get(f"/goals/{LIVED}/{name}").status_code == 303


def test_what_somebody_typed_never_runs(ana: Visitor, knock: Knock) -> None:
    measure = {"kind": "per_period", "unit": SCRIPT, "period": "day"}
    told = {"statement": SCRIPT, "specific": SCRIPT, "relevance": SCRIPT, "if_then": SCRIPT}
    knock("therapist", "PUT", HER_GOAL, goal_body(**told, measure=measure, focus=False))
    practice = {"quantity": 1, "note": SCRIPT}
    knock("client", "PUT", f"/v1/goals/{LIVED}/practices/{named('one')}", practice)
    for name in ("history", "difference", "copy"):
        text = page(ana, name, show="all", words="yes", axis="true")
        assert SCRIPT not in text
        assert "&lt;script&gt;" in text


@pytest.mark.parametrize("name", ["history", "difference", "copy"])
def test_a_draft_has_a_history_too(ana: Visitor, knock: Knock, name: str) -> None:
    knock("therapist", "PUT", HER_GOAL, {"status": "draft", "statement": FIRST_WORDS})
    text = page(ana, name)
    assert "<figure" not in text


def test_what_a_goal_of_hers_shows_is_its_own(reader: Visitor) -> None:
    assert REASON not in page(reader, goal=GOAL)
