"""A follower's reader asks for the next page while one is applied, and gives it where it is what follows."""

from __future__ import annotations

from dataclasses import dataclass, field
from threading import Event, current_thread
from typing import cast

import pytest

from services.reminders.following.feed import Feed, Page
from services.reminders.following.reading_ahead import Positions, ReadingAhead
from shared.goals_client import GoalsAway
from shared.wire import MAX_PAGE

WHOLE = Page([{"lane": 7, "sequence": str(number + 1)} for number in range(MAX_PAGE)], 0.0)
LAST = Page([{"lane": 7, "sequence": str(MAX_PAGE + 1)}], 0.0)
FROM_THE_START: Positions = {7: 0}
BEHIND_IT: Positions = {7: MAX_PAGE}


@dataclass
class Pages:
    """A feed that gives these, one after the other; an error is raised."""

    given: list[Page | Exception]
    asked: list[Positions] = field(default_factory=list)
    beside: list[bool] = field(default_factory=list)
    """Of each that was asked for, whether a thread asked that no process waits for."""
    goes_on: Event = field(default_factory=Event)

    def read(self, after: Positions) -> Page:
        """The next one; a thread beside waits until it may."""
        self.asked.append(after)
        self.beside.append(current_thread().daemon)
        if current_thread().daemon:
            self.goes_on.wait(10)
        given = self.given.pop(0)
        if isinstance(given, Exception):
            raise given
        return given


def reading(feed: Pages) -> ReadingAhead:
    return ReadingAhead(cast(Feed, feed))


def test_behind_a_full_page_the_next_is_on_its_way_already() -> None:
    feed = Pages([WHOLE, LAST])
    reader = reading(feed)
    assert reader.read(FROM_THE_START) == WHOLE
    feed.goes_on.set()
    assert reader.read(BEHIND_IT) == LAST
    assert (feed.asked, feed.beside) == ([FROM_THE_START, BEHIND_IT], [False, True])


def test_behind_any_other_page_nothing_is_asked_for() -> None:
    feed = Pages([LAST, Page([], 1.0)])
    reader = reading(feed)
    reader.read(BEHIND_IT)
    reader.read({7: MAX_PAGE + 1})
    assert feed.beside == [False, False]


def test_what_does_not_follow_is_thrown_away_and_never_asked_for_beside_another() -> None:
    feed = Pages([WHOLE, LAST, WHOLE])
    feed.goes_on.set()
    reader = reading(feed)
    reader.read(FROM_THE_START)
    assert reader.read({9: 0}) == WHOLE
    assert feed.asked[:3] == [FROM_THE_START, BEHIND_IT, {9: 0}]


def test_what_went_wrong_beside_is_heard_by_who_reads_on() -> None:
    feed = Pages([WHOLE, GoalsAway("away"), LAST])
    feed.goes_on.set()
    reader = reading(feed)
    reader.read(FROM_THE_START)
    with pytest.raises(GoalsAway):
        reader.read(BEHIND_IT)
    assert reader.read(BEHIND_IT) == LAST
