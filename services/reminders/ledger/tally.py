"""What a transaction came to, noted while it runs and counted as it commits: figures that cost no query.

A COMMIT that is lost on its way is counted all the same; one that is repeated, twice.
"""

from __future__ import annotations

import re
from collections import Counter as Tally
from collections.abc import Iterable

from prometheus_client import CollectorRegistry, Counter
from sqlalchemy import Connection, Engine, event

from services.reminders.ledger.states import Came
from shared.events import Channel

_MOVES, _OPT_OUTS = "cairn.moves", "cairn.opt_outs"
_NUMBERED = re.compile(r"_[0-9]+$")


def moved(
    connection: Connection, channel: Channel, state: Came, cause: str | None, messages: int = 1
) -> None:
    """So many messages came to a state, in the transaction of this connection."""
    if messages:
        noted: Tally[tuple[str, ...]] = connection.info.setdefault(_MOVES, Tally())
        noted[channel, state, class_of(cause)] += messages


def each_moved(connection: Connection, channels: Iterable[Channel], state: Came, cause: str | None) -> None:
    """A message of each of these channels came to a state: what a statement returned."""
    for channel in channels:
        moved(connection, channel, state, cause)


def opted_out(connection: Connection, channel: Channel, source: str, addresses: int) -> None:
    """So many addresses were opted out, in the transaction of this connection."""
    if addresses:
        noted: Tally[tuple[str, ...]] = connection.info.setdefault(_OPT_OUTS, Tally())
        noted[channel, source] += addresses


def class_of(cause: str | None) -> str:
    """A cause as figures show it: without a provider's number at its end, so that there are few."""
    return _NUMBERED.sub("", cause or "")


def count_commits(engine: Engine, registry: CollectorRegistry) -> None:
    """From here on, what the transactions of this engine come to is shown in the registry."""
    counters = {
        _MOVES: Counter(
            "cairn_message_moves",
            "Messages that came to a state by this process; `held` is put off, for its cause",
            ["channel", "state", "cause"],
            registry=registry,
        ),
        _OPT_OUTS: Counter(
            "cairn_opt_outs",
            "Opt-outs that came to this process, address by address, and how",
            ["channel", "source"],
            registry=registry,
        ),
    }

    def count(connection: Connection) -> None:
        for name, counter in counters.items():
            for labels, times in connection.info.pop(name, {}).items():
                counter.labels(*labels).inc(times)

    # What was rolled back, or noted while nobody counted, is forgotten by who begins on the connection next:
    # one that was lost cannot be asked for its notes any more.
    event.listen(engine, "begin", _forget)
    event.listen(engine, "commit", count)


def _forget(connection: Connection) -> None:
    for name in (_MOVES, _OPT_OUTS):
        connection.info.pop(name, None)
