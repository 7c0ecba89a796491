"""What the reminder service shows to Prometheus, read from the ledger at each scrape."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from prometheus_client import CONTENT_TYPE_LATEST as CONTENT_TYPE
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from sqlalchemy import Engine, text

from services.reminders.ledger import aside, direct, erasing, hold, outgoing, read
from services.reminders.scheduling import due as reminders_due
from services.reminders.scheduling import foreseen

A_DAY = timedelta(days=1)

__all__ = ["CONTENT_TYPE", "exposition"]

_LANES = text("""
SELECT coalesce(max(extract(epoch FROM applied_at - recorded_at)), 0)::float FROM checkpoint
 WHERE applied_at > :now - interval '5 minutes'
""")
_PARKED = text("SELECT reason, count(*) FROM parked_record GROUP BY reason")
_FOLLOWERS = text("SELECT count(*) FROM follower WHERE alive_until >= :now")


def exposition(engine: Engine) -> bytes:
    """The page that Prometheus reads: what the ledger holds, how late we are, what is parked."""
    registry = CollectorRegistry()
    registry.register(_Ledger(engine, datetime.now(UTC)))
    return generate_latest(registry)


class _Ledger(Collector):
    def __init__(self, engine: Engine, now: datetime) -> None:
        self._engine = engine
        self._now = now

    def describe(self) -> list[GaugeMetricFamily]:
        """Nothing beforehand, so that registering reads no database."""
        return []

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Each figure, read now."""
        messages = GaugeMetricFamily(
            "cairn_messages", "Messages in the ledger", labels=["channel", "state", "cause"]
        )
        parked = GaugeMetricFamily(
            "cairn_parked_records",
            "Records set aside because an event could not be applied",
            labels=["reason"],
        )
        set_aside = GaugeMetricFamily(
            "cairn_messages_set_aside",
            "Messages set aside because they could not be judged",
            labels=["reason"],
        )
        sender = GaugeMetricFamily(
            "cairn_sender_troubles",
            "Messages of a day that wait or were lost for a cause of the sender's own: somebody must act",
            labels=["channel", "cause"],
        )
        facts = GaugeMetricFamily(
            "cairn_outgoing_facts", "Facts that the log has not taken", labels=["kind", "state"]
        )
        coming = GaugeMetricFamily("cairn_prompts", "Prompts to come by themselves", labels=["kind"])
        with self._engine.connect() as connection:
            for channel, state, cause, count in read.counts(connection):
                messages.add_metric([channel, state, cause], count)
            # A sample even when nothing is parked: an alert on its absence would be no alert.
            parked.add_metric([""], 0)
            for row in connection.execute(_PARKED):
                parked.add_metric([row[0]], row[1])
            set_aside.add_metric([""], 0)
            for reason, count in aside.counts(connection):
                set_aside.add_metric([reason], count)
            sender.add_metric(["", ""], 0)
            for channel, cause, count in read.kept_by_sender(connection, self._now - A_DAY):
                sender.add_metric([channel, cause], count)
            for kind, state, count in outgoing.counts(connection):
                facts.add_metric([kind, state], count)
            keys = erasing.undestroyed(connection)
            for kind, count in foreseen.counts(connection):
                coming.add_metric([kind], count)
            held = hold.standing(connection).cause is not None
            untold = outgoing.lag(connection, self._now)
            due = read.due_lag(connection, self._now)
            unplanned = reminders_due.lag(connection, self._now)
            signpost = direct.signpost_waits(connection, self._now)
            lanes = float(connection.execute(_LANES, {"now": self._now}).scalar_one())
            followers = float(connection.execute(_FOLLOWERS, {"now": self._now}).scalar_one())
        yield messages
        yield parked
        yield set_aside
        yield sender
        yield facts
        yield coming
        yield GaugeMetricFamily(
            "cairn_outgoing_lag_seconds", "How long the oldest fact has waited to be told", untold
        )
        yield GaugeMetricFamily(
            "cairn_keys_to_destroy", "Erased clients whose key is not destroyed yet", keys
        )
        yield GaugeMetricFamily(
            "cairn_sending_held",
            "Whether nothing is sent because the ledger was restored: somebody must act",
            held,
        )
        yield GaugeMetricFamily("cairn_due_lag_seconds", "How long the oldest due message has waited", due)
        yield GaugeMetricFamily(
            "cairn_schedule_lag_seconds", "How long the oldest due reminder waits to be planned", unplanned
        )
        yield GaugeMetricFamily(
            "cairn_signpost_wait_seconds", "How long the oldest signpost of a day is not accepted", signpost
        )
        yield GaugeMetricFamily("cairn_lane_lag_seconds", "From recorded to applied, the slowest lane", lanes)
        yield GaugeMetricFamily("cairn_followers", "Followers that hold lanes", followers)
