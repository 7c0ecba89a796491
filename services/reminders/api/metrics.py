"""What the ledger shows to Prometheus, read at each scrape by indexes: a bounded number of rows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta

import structlog
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError

from services.reminders import parking
from services.reminders.following import checkpoints
from services.reminders.ledger import aside, direct, erasing, hold, outgoing, waiting
from services.reminders.ledger.waiting import MOST
from services.reminders.scheduling import due, foreseen
from shared.lane_groups import summed

A_DAY = timedelta(days=1)
Labelled = tuple[tuple[str, ...], float]

log = structlog.get_logger()


class Ledger(Collector):
    """Gauges over the ledger, the same of whichever process they are asked: take the highest, not the sum.

    A count says at most 10,000, and means: so many, or more.
    """

    def __init__(self, engine: Engine, clock: Callable[[], datetime]) -> None:
        self._engine = engine
        self._clock = clock

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Each figure, read now; without the database, only that it is away."""
        read: list[GaugeMetricFamily] = []
        try:
            with self._engine.connect() as connection:
                now = self._clock()
                for part in (_messages, _troubles, _schedule, _feed, _facts):
                    read += part(connection, now)
        except SQLAlchemyError as error:
            log.warning("ledger unread", error=type(error).__name__)
            read = []
        yield from read
        yield _gauge("cairn_ledger_read", "Whether the figures of the ledger could be read", bool(read))


def _messages(connection: Connection, now: datetime) -> Iterator[GaugeMetricFamily]:
    queues = waiting.queues(connection, now)
    named = [f"{one.channel}-{one.queue}" for one in queues]
    yield _by(
        "cairn_backlog", "Messages that are due and not claimed", ["queue"],
        [((name,), one.messages) for name, one in zip(named, queues, strict=True)],
    )  # fmt: skip
    yield _by(
        "cairn_due_lag_seconds", "How long the oldest due message of a queue has waited", ["queue"],
        [((name,), max(0.0, one.seconds)) for name, one in zip(named, queues, strict=True)],
    )  # fmt: skip
    sending = waiting.sending(connection, now)
    yield _gauge("cairn_messages_sending", "Messages that are claimed and not settled", sending.messages)
    yield _gauge(
        "cairn_sending_oldest_seconds", "How long ago the oldest of them was claimed", max(0, sending.seconds)
    )
    yield _by(
        "cairn_messages_unknown", "Messages that may have gone, and nobody can tell", ["channel"],
        [((channel,), count) for channel, count in waiting.unknown(connection).items()],
    )  # fmt: skip
    yield _gauge(
        "cairn_signpost_wait_seconds",
        "How long the oldest signpost that is still good has waited to be accepted",
        max(0.0, direct.signpost_waits(connection, now)),
    )


def _troubles(connection: Connection, now: datetime) -> Iterator[GaugeMetricFamily]:
    # A sample even where there is nothing: an alert on what is absent would be no alert.
    yield _by(
        "cairn_parked_records", "Records set aside because an event could not be applied", ["reason"],
        [(("",), 0), *(((why,), count) for why, count in parking.counts(connection, MOST))],
    )  # fmt: skip
    yield _by(
        "cairn_messages_set_aside", "Messages set aside because they could not be judged", ["reason"],
        [(("",), 0), *(((why,), count) for why, count in aside.counts(connection, MOST))],
    )  # fmt: skip
    kept = waiting.kept_by_sender(connection, now - A_DAY)
    yield _by(
        "cairn_sender_troubles",
        "Messages of a day that wait or were lost for a cause of the sender's own: somebody must act",
        ["channel", "cause"],
        [(("", ""), 0), *(((channel, cause), count) for channel, cause, count in kept)],
    )
    yield _gauge(
        "cairn_sending_held",
        "Whether nothing is sent because the ledger was restored: somebody must act",
        hold.standing(connection).cause is not None,
    )
    yield _gauge(
        "cairn_keys_to_destroy",
        "Erased clients whose key is not destroyed yet",
        erasing.undestroyed(connection, MOST),
    )


def _schedule(connection: Connection, now: datetime) -> Iterator[GaugeMetricFamily]:
    waits = {
        "reminder": due.wait(connection, now, MOST),
        "prompt": foreseen.wait(connection, now, MOST),
    }
    yield _by(
        "cairn_schedule_backlog", "What is due by the clock and not planned", ["kind"],
        [((kind,), count) for kind, (count, _) in waits.items()],
    )  # fmt: skip
    yield _by(
        "cairn_schedule_lag_seconds",
        "How long what has been due by the clock the longest waits to be planned",
        ["kind"],
        [((kind,), max(0.0, seconds)) for kind, (_, seconds) in waits.items()],
    )


def _feed(connection: Connection, now: datetime) -> Iterator[GaugeMetricFamily]:
    yield _by(
        "cairn_followed_events", "Events of the log that were applied, by lanes", ["lanes"],
        [((lanes,), count) for lanes, count in summed(checkpoints.reached(connection)).items()],
    )  # fmt: skip
    yield _gauge(
        "cairn_lane_lag_seconds",
        "From recorded to applied, of the slowest lane of the last five minutes",
        max(0.0, checkpoints.slowest(connection, now)),
    )
    yield _gauge("cairn_followers", "Followers that hold lanes", checkpoints.alive(connection, now))


def _facts(connection: Connection, now: datetime) -> Iterator[GaugeMetricFamily]:
    yield _by(
        "cairn_outgoing_facts", "Facts that the log has not taken", ["kind", "state"],
        [((kind, state), count) for kind, state, count in outgoing.counts(connection, MOST)],
    )  # fmt: skip
    yield _gauge(
        "cairn_outgoing_lag_seconds",
        "How long the oldest fact has waited to be told",
        max(0.0, outgoing.lag(connection, now)),
    )


def _gauge(name: str, what: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, what, float(value))


def _by(name: str, what: str, labels: list[str], samples: Iterable[Labelled]) -> GaugeMetricFamily:
    family = GaugeMetricFamily(name, what, labels=labels)
    for values, value in samples:
        family.add_metric(list(values), value)
    return family
