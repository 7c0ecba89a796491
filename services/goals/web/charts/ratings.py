"""The drawing of how far it feels: every rating that holds, by epoch and rater; epochs are never joined."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from operator import itemgetter

from services.goals.rules.course import Course, Level, Rated
from services.goals.web.charts.chart import Chart, Key, key, line_key
from services.goals.web.charts.frame import HEIGHT, LOWER, UPPER, WIDTH, Frame, Span
from services.goals.web.charts.ground import days, hatching, rests, scale
from services.goals.web.charts.lines import lines
from services.goals.web.charts.marks import marks
from services.goals.web.charts.svg import Element, drawing, element, group
from services.goals.web.charts.told import course_told, ratings_told, start_of
from services.goals.web.charts.words import Words
from shared.events import Rater

FULL = 10
"""A rating is 0 to 10, whatever is rated."""
NAME = "ratings"
Series = tuple[Rated, ...]
_SQUARE = element("rect", class_="point", x=-5, y=-5, width=10, height=10)


def ratings(course: Course, span: Span, words: Words) -> Chart | None:
    """The ratings of a course on the days of a span; None where nothing was rated."""
    if not course.ratings:
        return None
    series, title = series_of(course), words.say("How far it feels, from 0 to 10")
    told = " ".join((*ratings_told(course, series, words), *course_told(course, words)))
    svg = drawing(NAME, WIDTH, HEIGHT, title, told, *_parts(course, series, Frame(*span, FULL), words))
    heads = (words.say("Day"), words.say("Whose"), words.say("Rating"), words.say("From the start"))
    rows = [(one.on, _row(course, ratings, one, words)) for ratings in series for one in ratings]
    latest_first = tuple(row for _, row in sorted(rows, key=itemgetter(0), reverse=True))
    return Chart(NAME, title, svg, tuple(_keys(course, series, words)), heads, latest_first)


def series_of(course: Course) -> tuple[Series, ...]:
    """The ratings of each epoch by each rater: what one line joins."""
    groups: dict[tuple[int, Rater], list[Rated]] = {}
    for rated in course.ratings:
        groups.setdefault((rated.epoch, rated.rater), []).append(rated)
    return tuple(tuple(groups[key]) for key in sorted(groups))


def _parts(course: Course, series: Sequence[Series], frame: Frame, words: Words) -> Iterator[Element]:
    yield hatching(NAME)
    yield from rests(NAME, course.rests, frame, words)
    yield from scale(frame, words)
    yield from days(frame, words)
    yield from lines(course, "baseline", _is_rated, frame, words)
    yield from lines(course, "target", _is_rated, frame, words)
    yield from (_begun(level, frame, words) for level in _later_epochs(course))
    yield from marks(course.adjusted, frame, words)
    yield from (_drawn(ratings, frame, words) for ratings in series)


def _is_rated(level: Level) -> bool:
    return level.measure.kind == "rating"


def _later_epochs(course: Course) -> list[Level]:
    firsts = {level.epoch: level for level in reversed(course.levels)}
    return [firsts[epoch] for epoch in sorted(firsts)[1:]]


def _begun(level: Level, frame: Frame, words: Words) -> Element:
    line = element("path", d=f"M{frame.begin(level.since):.1f} {UPPER}V{LOWER}")
    return group("epoch", line, title=words.say("another measure from %(day)s", day=words.day(level.since)))


def _drawn(ratings: Series, frame: Frame, words: Words) -> Element:
    """One series: its line, and above it a point a rating."""
    places = [(frame.middle(one.on), frame.height(one.value)) for one in ratings]
    along = element("path", class_="along", d="M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in places))
    points = [_point(one, x, y, words) for one, (x, y) in zip(ratings, places, strict=True)]
    return group(f"series {ratings[0].rater}", along, *points)


def _point(one: Rated, x: float, y: float, words: Words) -> Element:
    said = element("title", f"{words.number(one.value)}, {words.day(one.on)}")
    if one.rater == "client":
        return element("circle", said, class_="point", cx=x, cy=y, r=4)
    return element("rect", said, class_="point", x=x - 5, y=y - 5, width=10, height=10)


def _row(course: Course, ratings: Series, one: Rated, words: Words) -> tuple[str, ...]:
    change = words.signed(one.value - start_of(course, ratings))
    return words.day(one.on), words.whose(one.rater), words.number(one.value), change


def _keys(course: Course, series: Sequence[Series], words: Words) -> Iterator[Key]:
    for rater in sorted({ratings[0].rater for ratings in series}):
        point = element("circle", class_="point", r=4) if rater == "client" else _SQUARE
        line = element("path", class_="along", d="M-8 0H8")
        yield key(words.whose(rater), element("g", line, point, class_=f"series {rater}"))
    rated = [level for level in course.levels if _is_rated(level)]
    if any(level.target is not None for level in rated):
        yield line_key(words.say("target"), "target")
    if any(level.baseline is not None for level in rated):
        yield line_key(words.say("start"), "baseline")
    if _later_epochs(course):
        yield key(words.say("another measure"), element("g", element("path", d="M0-8V8"), class_="epoch"))
