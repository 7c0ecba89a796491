"""The feed read page after page: while one is applied, the next is on its way already."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

from services.reminders.following.feed import Feed, Page
from shared.wire import MAX_PAGE

Positions = dict[int, int]


class ReadingAhead:
    """One follower's reader. Only behind a full page is there surely more: then the next one is asked for."""

    def __init__(self, feed: Feed) -> None:
        self._feed = feed
        self._beside = ThreadPoolExecutor(1, "reading-ahead")
        self._coming: tuple[Positions, Future[Page]] | None = None

    def read(self, after: Positions) -> Page:
        """As Feed.read; what was asked for ahead is given where it is what follows these positions."""
        page = self._coming_after(after).result()
        if len(page.items) >= MAX_PAGE:
            reached = after_all(after, page.items)
            self._coming = reached, self._beside.submit(self._feed.read, reached)
        return page

    def close(self) -> None:
        """Waits for what is on its way, and ends the thread."""
        self._beside.shutdown(cancel_futures=True)

    def _coming_after(self, after: Positions) -> Future[Page]:
        coming, self._coming = self._coming, None
        if coming is not None and coming[0] == after:
            return coming[1]
        return self._beside.submit(self._feed.read, after)  # behind the other one: it has one connection


def after_all(after: Positions, items: Sequence[dict[str, Any]]) -> Positions:
    """The positions behind these events, which follow `after`."""
    return after | {int(item["lane"]): int(item["sequence"]) for item in items}
