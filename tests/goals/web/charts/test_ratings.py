"""The drawing of the ratings: what is joined and what is not, what is shaded, and what it says in words."""

from __future__ import annotations

from typing import get_args

import msgspec
import pytest

from services.goals.rules.course import Course
from services.goals.web.charts.frame import LOWER, UPPER, Frame, Span, span_of
from services.goals.web.charts.marks import SIGNS
from services.goals.web.charts.ratings import FULL, ratings
from services.goals.web.charts.words import Words
from shared.events import AdjustmentKind
from tests.goals.web.charts.drawn import SVG, corners, of_class, points, read, said
from tests.goals.web.charts.examples import CALM, COURSE, ENGLISH, by_her, day, level

SPAN = span_of(COURSE)
FRAME = Frame(*SPAN, FULL)


def drawn(course: Course = COURSE, words: Words = ENGLISH, span: Span = SPAN) -> str:
    chart = ratings(course, span, words)
    assert chart
    return chart.svg


def told(svg: str) -> str:
    found = read(svg).find(f"{SVG}desc")
    assert found is not None
    return found.text or ""


def test_a_line_joins_the_ratings_of_one_epoch_by_one_rater_and_no_others() -> None:
    lines = [corners(path) for path in of_class(read(drawn()), "along")]
    assert [len(line) for line in lines] == [4, 1, 2]


def test_zero_is_a_rating_and_lies_on_the_ground() -> None:
    assert LOWER in [y for _, y in points(read(drawn()))]


def test_days_of_rest_are_shaded_and_no_others() -> None:
    shades = of_class(read(drawn()), "shade")
    assert [(one.get("x"), one.get("width")) for one in shades] == [
        (f"{FRAME.begin(day(15)):.1f}", f"{FRAME.begin(day(20)) - FRAME.begin(day(15)):.1f}")
    ]


def test_the_target_steps_where_it_was_adjusted_and_ends_with_its_measure() -> None:
    lines = [one.find(f"{SVG}path") for one in of_class(read(drawn()), "target")]
    assert [one is not None and one.get("d") for one in lines] == [
        f"M{FRAME.begin(day(0)):.1f} {FRAME.height(8):.1f}H{FRAME.begin(day(14)):.1f}",
        f"M{FRAME.begin(day(14)):.1f} {FRAME.height(6):.1f}H{FRAME.begin(day(30)):.1f}",
    ]


def test_each_adjustment_stands_on_the_line_on_its_day_with_the_sign_of_its_kind() -> None:
    root = read(drawn())
    hairs = [one.get("d") for one in of_class(root, "hair")]
    assert hairs == [f"M{FRAME.middle(day(n)):.1f} {UPPER - 8}V{LOWER}" for n in (14, 30)]
    assert len(of_class(root, "sign", "eased")) == len(of_class(root, "sign", "refocused")) == 1


def test_every_kind_of_adjustment_has_a_sign_and_no_two_have_the_same() -> None:
    assert set(SIGNS) == set(get_args(AdjustmentKind))
    assert len(set(SIGNS.values())) == len(SIGNS)


def test_a_later_measure_is_parted_from_the_one_before() -> None:
    assert len(of_class(read(drawn()), "epoch")) == 1
    assert of_class(read(drawn(msgspec.structs.replace(COURSE, levels=COURSE.levels[:2]))), "epoch") == []


def test_it_is_told_to_who_cannot_see_it() -> None:
    said_of_it = told(drawn())
    for sentence in (
        "The client's ratings: 4, from 3 on March 2, 2026 to 7 on March 29, 2026, +4 from the start at 3.",
        "The therapist's ratings: one, 4 on March 6, 2026, +1 from the start at 3.",
        "The client's ratings: 2, from 2 on April 2, 2026 to 6 on April 15, 2026, +4 from the start at 2.",
        "The measure changed once: what was rated before and after is not joined, nor compared.",
        "The goal was adjusted: eased on March 16, 2026, refocused on April 1, 2026.",
        "Its days of rest: paused from March 17, 2026 to March 21, 2026.",
        "Of a day without an entry nothing is known; it is not zero.",
    ):
        assert sentence in said_of_it


def test_the_table_beside_it_has_every_rating_the_latest_first() -> None:
    chart = ratings(COURSE, SPAN, ENGLISH)
    assert chart
    assert chart.rows[0] == ("April 15, 2026", "The client's ratings", "6", "+4")
    assert chart.rows[-1] == ("March 2, 2026", "The client's ratings", "3", "0")
    assert len(chart.rows) == len(COURSE.ratings)


def test_as_the_past_is_drawn_its_days_stay_where_they_are() -> None:
    then = msgspec.structs.replace(COURSE, last=day(9), ratings=COURSE.ratings[:4])
    assert points(read(drawn(then))) == [
        pytest.approx((FRAME.middle(one.on), FRAME.height(one.value)), abs=0.11)
        for one in (*COURSE.ratings[:2], COURSE.ratings[3], COURSE.ratings[2])
    ]


def test_where_nothing_was_rated_nothing_is_drawn() -> None:
    assert ratings(msgspec.structs.replace(COURSE, ratings=()), SPAN, ENGLISH) is None


def test_two_days_are_drawn_on_a_fortnight() -> None:
    young = Course(
        first=day(0),
        last=day(1),
        levels=(level(0, 1, CALM, 8),),
        ratings=(by_her(0, 3), by_her(1, 4)),
        done=(),
        adjusted=(),
        rests=(),
    )
    (x, _), (next_x, _) = points(read(drawn(young, span=span_of(young))))
    assert next_x - x == pytest.approx(Frame(day(0), day(13), FULL).width_of_day, abs=0.11)


def test_her_own_copy_speaks_to_her() -> None:
    hers = drawn(words=Words("en", ENGLISH.translations, to_her=True))
    assert "Your ratings: 4," in told(hers)
    assert "client" not in said(read(hers))
