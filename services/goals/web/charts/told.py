"""A drawing told in sentences, for a reader who cannot see it: everything that a glance at it would say."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from services.goals.rules.course import Course, Done, Rated
from services.goals.web.charts.words import Words
from shared.events import Number


def ratings_told(course: Course, series: Sequence[Sequence[Rated]], words: Words) -> Iterator[str]:
    """Each series of ratings: how many, from what to what, and what that is beside its beginning."""
    yield words.say(
        "Ratings from 0, no progress, to 10, reached, between %(first)s and %(last)s.",
        first=words.day(course.first),
        last=words.day(course.last),
    )
    measures = len({level.epoch for level in course.levels})
    for ratings in series:
        yield _series(ratings, _baseline(course, ratings), words)
    if measures > 1:
        yield words.say_so_many(
            "The measure changed once: what was rated before and after is not joined, nor compared.",
            "The measure changed %(num)s times: what was rated before and after is not joined, nor compared.",
            measures - 1,
        )


def practices_told(done: Sequence[Done], words: Words) -> Iterator[str]:
    """How much was done in an epoch, on how many days."""
    total: Number = sum(day.quantity for day in done)
    yield words.say_so_many(
        "Practised on %(num)s day, %(first)s, %(total)s in all.",
        "Practised on %(num)s days, from %(first)s to %(last)s, %(total)s in all.",
        len(done),
        first=words.day(done[0].on),
        last=words.day(done[-1].on),
        total=words.number(total),
    )


def course_told(course: Course, words: Words) -> Iterator[str]:
    """What any drawing of the course shows: adjustments, rests, and that silence is not zero."""
    if course.adjusted:
        made = ", ".join(words.adjusted(one) for one in course.adjusted)
        yield words.say("The goal was adjusted: %(made)s.", made=made)
    if course.rests:
        rested = ", ".join(words.rested(rest) for rest in course.rests)
        yield words.say("Its days of rest: %(rested)s.", rested=rested)
    yield words.say("Of a day without an entry nothing is known; it is not zero.")


def start_of(course: Course, ratings: Sequence[Rated]) -> Number:
    """From where the changes of a series are counted: as its epoch was set to begin, else the first."""
    baseline = _baseline(course, ratings)
    return ratings[0].value if baseline is None else baseline


def _baseline(course: Course, ratings: Sequence[Rated]) -> Number | None:
    of_epoch = (level for level in course.levels if level.epoch == ratings[0].epoch)
    levels = [level for level in of_epoch if level.measure.kind == "rating"]
    return levels[-1].baseline if levels else None


def _series(ratings: Sequence[Rated], baseline: Number | None, words: Words) -> str:
    first, last = ratings[0], ratings[-1]
    start = first.value if baseline is None else baseline
    values = {
        "whose": words.whose(first.rater),
        "first": words.number(first.value),
        "first_day": words.day(first.on),
        "last": words.number(last.value),
        "last_day": words.day(last.on),
        "change": words.signed(last.value - start),
        "start": words.number(start),
    }
    return words.say_so_many(
        "%(whose)s: one, %(last)s on %(last_day)s, %(change)s from the start at %(start)s.",
        "%(whose)s: %(num)s, from %(first)s on %(first_day)s to %(last)s on %(last_day)s,"
        " %(change)s from the start at %(start)s.",
        len(ratings),
        **values,
    )
