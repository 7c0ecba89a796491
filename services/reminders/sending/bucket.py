"""Tokens: how many segments a second a sender may hand over, what is kept for the urgent, and its rests."""

from __future__ import annotations

import random
import time
from contextlib import suppress
from datetime import timedelta

from dramatiq.rate_limits import BucketRateLimiter
from dramatiq.rate_limits.backends import RedisBackend
from redis import Redis

from services.reminders.bell import NAMESPACE, BellAway, Queue

RESERVED = 0.2
"""Of a sender's tokens, for the queue `now`; `bulk` never touches them."""
WINDOW_MS = 1000
REST = timedelta(seconds=1)
"""How long a sender rests where its provider says that it is busy, and not for how long."""
LONGEST_REST = timedelta(minutes=5)


class Bucket:
    """The tokens of one sender, shared by all workers through Redis."""

    def __init__(self, client: Redis, sender: str, per_second: int) -> None:
        reserved = max(1, int(per_second * RESERVED))
        backend = RedisBackend(client=client)
        self._client = client
        self._resting = f"{NAMESPACE}:resting:{sender}"
        self._reserved = _limiter(backend, f"{sender}:reserved", reserved)
        self._shared = _limiter(backend, f"{sender}:shared", max(1, per_second - reserved))

    def take(self, queue: Queue, *, patience: float) -> bool:
        """Takes a token, waiting up to `patience` seconds; False when there was none.

        While the sender rests, `bulk` gets none. Without Redis there is nothing to count with, and the
        provider's own limit is the one that holds.
        """
        limiters = [self._reserved, self._shared] if queue == "now" else [self._shared]
        deadline = time.monotonic() + patience
        while True:
            try:
                rests = queue == "bulk" and self._client.exists(self._resting)
                if not rests and any(_acquire(limiter) for limiter in limiters):
                    return True
            except BellAway:
                return True
            if time.monotonic() >= deadline:
                return False
            time.sleep(random.uniform(0.05, 0.2))  # noqa: S311  so that waiting workers do not move in step

    def rest(self, after: timedelta | None) -> None:
        """The provider is busy: nothing of `bulk` is handed over for so long, by any worker."""
        rests = min(max(after or REST, REST), LONGEST_REST)
        with suppress(BellAway):
            self._client.set(self._resting, "1", px=int(rests.total_seconds() * 1000))


def _limiter(backend: RedisBackend, key: str, limit: int) -> BucketRateLimiter:
    return BucketRateLimiter(  # type: ignore[no-untyped-call]
        backend, f"{NAMESPACE}:tokens:{key}", limit=limit, bucket=WINDOW_MS
    )


def _acquire(limiter: BucketRateLimiter) -> bool:
    with limiter.acquire(raise_on_failure=False) as acquired:
        return bool(acquired)
