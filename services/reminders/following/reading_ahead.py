"""The feed read page after page: while one is applied, the next is on its way already."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future, wait
from threading import Thread
from typing import Any

from services.reminders.following.feed import Feed, Page
from shared.wire import MAX_PAGE

Positions = dict[int, int]


class ReadingAhead:
    """One follower's reader. Only behind a full page is there surely more: then the next one is asked for."""

    def __init__(self, feed: Feed) -> None:
        self._feed = feed
        self._coming: tuple[Positions, Future[Page]] | None = None

    def read(self, after: Positions) -> Page:
        """As Feed.read; what was asked for ahead is given where it is what follows these positions."""
        coming, self._coming = self._coming, None
        if coming is not None:
            wait([coming[1]])  # the feed has one connection
        page = coming[1].result() if coming and coming[0] == after else self._feed.read(after)
        if len(page.items) >= MAX_PAGE:
            reached = after_all(after, page.items)
            self._coming = reached, self._asked_beside(reached)
        return page

    def _asked_beside(self, after: Positions) -> Future[Page]:
        asked: Future[Page] = Future()

        def answer() -> None:
            try:
                asked.set_result(self._feed.read(after))
            except Exception as error:  # noqa: BLE001  whatever it is, whoever waits must hear of it
                asked.set_exception(error)

        # A process that is told to stop ends without it.
        Thread(target=answer, name="reading-ahead", daemon=True).start()
        return asked


def after_all(after: Positions, items: Sequence[dict[str, Any]]) -> Positions:
    """The positions behind these events, which follow `after`."""
    return after | {int(item["lane"]): int(item["sequence"]) for item in items}
