"""Tokens: how many segments a second a sender may hand over, what is kept for the urgent, and its rests."""

from __future__ import annotations

import random
import time
from contextlib import suppress
from datetime import timedelta

from redis import Redis

from services.reminders.bell import NAMESPACE, BellAway, Queue

RESERVED = 0.2
"""Of a sender's tokens, for the queue `now`; `bulk` never touches them."""
WINDOW_MS = 1000
TAKE = """
if ARGV[1] == 'bulk' and redis.call('EXISTS', KEYS[1]) == 1 then return 0 end
for place = 2, #KEYS do
    if tonumber(redis.call('GET', KEYS[place]) or '0') < tonumber(ARGV[place + 1]) then
        if redis.call('INCR', KEYS[place]) == 1 then redis.call('PEXPIRE', KEYS[place], ARGV[2]) end
        return 1
    end
end
return 0
"""
"""Whether there is a token: one more of the first that is not used up in its window, which begins with its
first. One round trip for what every send waits for; Dramatiq's own limiter takes eight, and begins again
where another worker counted meanwhile.
"""
REST = timedelta(seconds=1)
"""How long a sender rests where its provider says that it is busy, and not for how long."""
LONGEST_REST = timedelta(minutes=5)


class Bucket:
    """The tokens of one sender, shared by all workers through Redis."""

    def __init__(self, client: Redis, sender: str, per_second: int) -> None:
        reserved = max(1, int(per_second * RESERVED))
        self._client = client
        self._take = client.register_script(TAKE)
        self._resting = f"{NAMESPACE}:resting:{sender}"
        self._reserved = (f"{NAMESPACE}:tokens:{sender}:reserved", reserved)
        self._shared = (f"{NAMESPACE}:tokens:{sender}:shared", max(1, per_second - reserved))

    def take(self, queue: Queue, *, patience: float) -> bool:
        """Takes a token, waiting up to `patience` seconds; False when there was none.

        While the sender rests, `bulk` gets none. Without Redis there is nothing to count with, and the
        provider's own limit is the one that holds.
        """
        limits = dict([self._reserved, self._shared] if queue == "now" else [self._shared])
        deadline = time.monotonic() + patience
        while True:
            try:
                if self._take(keys=[self._resting, *limits], args=[queue, WINDOW_MS, *limits.values()]):
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
