"""A course that has everything in it, and the words that it is drawn in."""

from __future__ import annotations

from datetime import date, timedelta
from gettext import NullTranslations

from services.goals.rules.course import Adjusted, Course, Done, Level, Rated, Rest
from services.goals.web.charts.words import Words
from shared.events import Measure
from tests import controls as c

ENGLISH = Words("en", NullTranslations())
CALM = Measure("rating", "calm")


def day(number: int) -> date:
    """The number-th day after the goal began, a Monday."""
    return c.TODAY + timedelta(days=number)


def level(since: int, epoch: int, measure: Measure, target: int, baseline: int | None = None) -> Level:
    return Level(since=day(since), epoch=epoch, measure=measure, target=target, baseline=baseline)


def by_her(number: int, value: int, epoch: int = 1) -> Rated:
    return Rated(on=day(number), epoch=epoch, rater="client", value=value)


def done(number: int, quantity: int, epoch: int = 1) -> Done:
    return Done(on=day(number), epoch=epoch, quantity=quantity, entries=1)


COURSE = Course(
    first=day(0),
    last=day(45),
    levels=(level(0, 1, CALM, 8, 3), level(14, 1, CALM, 6, 3), level(30, 2, c.TWICE_A_DAY, 2)),
    ratings=(
        by_her(0, 3),
        by_her(4, 2),
        Rated(on=day(4), epoch=1, rater="therapist", value=4),
        by_her(8, 0),
        by_her(27, 7),
        by_her(31, 2, epoch=2),
        by_her(44, 6, epoch=2),
    ),
    done=(done(1, 1), done(2, 2), done(30, 1, epoch=2), done(33, 3, epoch=2), done(34, 2, epoch=2)),
    adjusted=(
        Adjusted(on=day(14), kind="eased", fields=("target",)),
        Adjusted(on=day(30), kind="refocused", fields=("measure", "target")),
    ),
    rests=(Rest(day(15), day(19)),),
)
