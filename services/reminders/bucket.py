"""Tokens: how many segments a second a sender may hand over, and the share kept for what is urgent."""

from __future__ import annotations

import random
import time

from dramatiq.rate_limits import BucketRateLimiter
from dramatiq.rate_limits.backends import RedisBackend
from redis import Redis

from services.reminders.bell import NAMESPACE, BellAway, Queue

RESERVED = 0.2
"""Of a sender's tokens, for the queue `now`; `bulk` never touches them."""
WINDOW_MS = 1000


class Bucket:
    """The tokens of one sender, shared by all workers through Redis."""

    def __init__(self, client: Redis, sender: str, per_second: int) -> None:
        reserved = max(1, int(per_second * RESERVED))
        backend = RedisBackend(client=client)
        self._reserved = _limiter(backend, f"{sender}:reserved", reserved)
        self._shared = _limiter(backend, f"{sender}:shared", max(1, per_second - reserved))

    def take(self, queue: Queue, *, patience: float) -> bool:
        """Takes a token, waiting up to `patience` seconds; False when there was none.

        Without Redis there is nothing to count with, and the provider's own limit is the one that holds.
        """
        limiters = [self._reserved, self._shared] if queue == "now" else [self._shared]
        deadline = time.monotonic() + patience
        while True:
            try:
                if any(_acquire(limiter) for limiter in limiters):
                    return True
            except BellAway:
                return True
            if time.monotonic() >= deadline:
                return False
            time.sleep(random.uniform(0.05, 0.2))  # noqa: S311  so that waiting workers do not move in step


def _limiter(backend: RedisBackend, key: str, limit: int) -> BucketRateLimiter:
    return BucketRateLimiter(  # type: ignore[no-untyped-call]
        backend, f"{NAMESPACE}:tokens:{key}", limit=limit, bucket=WINDOW_MS
    )


def _acquire(limiter: BucketRateLimiter) -> bool:
    with limiter.acquire(raise_on_failure=False) as acquired:
        return bool(acquired)
