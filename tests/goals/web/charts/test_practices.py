"""The drawings of what was done: a bar a day or a week, or a sum that grows; a silent day is a gap."""

from __future__ import annotations

import msgspec
import pytest

from services.goals.rules.course import Course, Done
from services.goals.web.charts.chart import Chart
from services.goals.web.charts.frame import LOWER, Frame, span_of, top_for
from services.goals.web.charts.practices import practices
from services.goals.web.charts.words import Words
from shared.events import Measure
from tests import controls as c
from tests.goals.web.charts.drawn import of_class, points, read, said
from tests.goals.web.charts.examples import COURSE, ENGLISH, day, done, level


def of(measure: Measure, *days: Done, target: int = 2, last: int = 20) -> Course:
    """The course of a goal that is measured so."""
    return Course(
        first=day(0),
        last=day(last),
        levels=(level(0, 1, measure, target),),
        ratings=(),
        done=days,
        adjusted=(),
        rests=(),
    )


def chart_of(course: Course, words: Words = ENGLISH) -> Chart:
    (chart,) = practices(course, span_of(course), words)
    return chart


def bars(chart: Chart) -> list[str]:
    (path,) = of_class(read(chart.svg), "bars")
    return path.get("d", "").split("M")[1:]


def test_a_day_with_an_entry_has_a_bar_and_a_silent_one_a_gap() -> None:
    course = of(c.TWICE_A_DAY, done(1, 1), done(4, 2))
    frame = Frame(*span_of(course), 2)
    assert bars(chart_of(course)) == [
        f"{frame.middle(day(n)):.1f} {LOWER}V{frame.height(quantity):.1f}" for n, quantity in ((1, 1), (4, 2))
    ]


def test_toward_a_number_a_week_the_bars_are_weeks() -> None:
    course = of(Measure("per_period", "walk", "week"), done(1, 1), done(4, 2), done(8, 5), target=4)
    chart = chart_of(course)
    assert len(bars(chart)) == 2
    assert chart.title == "Done each week: walk"
    assert len(of_class(read(chart.svg), "target")) == 1


def test_toward_a_sum_there_is_a_point_for_each_day_that_added_to_it() -> None:
    chart = chart_of(of(Measure("count", "page"), done(1, 1), done(4, 2), done(8, 5), target=8))
    frame = Frame(day(0), day(20), 8)
    assert points(read(chart.svg)) == [
        pytest.approx((frame.middle(day(n)), frame.height(figure)), abs=0.11)
        for n, figure in ((1, 1), (4, 3), (8, 8))
    ]


def test_over_more_than_a_year_the_bars_are_weeks_and_no_days_target_is_drawn_across_them() -> None:
    chart = chart_of(of(c.TWICE_A_DAY, done(1, 1), done(2, 1), done(450, 2), last=500))
    assert len(bars(chart)) == 2
    assert of_class(read(chart.svg), "target") == []


def test_each_measure_has_a_drawing_and_a_scale_of_its_own() -> None:
    charts = practices(COURSE, span_of(COURSE), ENGLISH)
    assert [chart.title for chart in charts] == ["Done each day: calm", "Done each day: exercise"]
    assert [len(chart.rows) for chart in charts] == [2, 3]


def test_it_is_told_in_words_and_in_a_table() -> None:
    chart = chart_of(of(c.TWICE_A_DAY, done(1, 1), done(4, 2)))
    assert "Practised on 2 days, from March 3, 2026 to March 6, 2026, 3 in all." in said(read(chart.svg))
    assert chart.rows == (("March 6, 2026", "2", "1"), ("March 3, 2026", "1", "1"))


def test_what_somebody_wrote_stays_a_text() -> None:
    script = "</title><script>alert(1)</script>\x00"
    chart = chart_of(of(Measure("per_period", script, "day"), done(1, 1)))
    assert "script" in said(read(chart.svg))
    assert "<script" not in chart.svg


def test_her_own_copy_has_no_word_of_the_goal() -> None:
    hers = chart_of(of(c.TWICE_A_DAY, done(1, 1)), Words("en", ENGLISH.translations, to_her=True))
    assert "exercise" not in said(read(hers.svg))
    assert hers.title == "Done each day"


def test_nothing_done_is_not_drawn() -> None:
    assert practices(msgspec.structs.replace(COURSE, done=()), span_of(COURSE), ENGLISH) == ()


@pytest.mark.parametrize(
    ("figures", "top"),
    [([], 1), ([1], 1), ([2, 1], 2), ([3], 4), ([5], 6), ([7], 8), ([9], 10), ([11], 20), ([75], 80)],
)
def test_a_scale_ends_at_a_round_figure(figures: list[int], top: int) -> None:
    assert top_for(list(figures)) == top
