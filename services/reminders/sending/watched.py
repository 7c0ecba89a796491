"""What a worker shows to Prometheus: Dramatiq's own figures, and what became of each send."""

from __future__ import annotations

from threading import Lock
from time import monotonic

import dramatiq
from dramatiq.broker import MessageProxy
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from services.reminders.bell import Queue
from services.reminders.ledger.tally import class_of
from services.reminders.sending.deliver import Sent
from shared.probes import of_process

SECONDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 20.0, 30.0)
UNTIL_SENT = (0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 300.0, 900.0, 3600.0, 14_400.0)


class Jobs(dramatiq.Middleware):
    """Dramatiq's metrics by its own names, in this process alone.

    Its own middleware writes them to files for the processes that its command forks, and serves them from
    one more; our workers are threads of one process, which can serve what it counts.
    """

    def __init__(self, registry: CollectorRegistry) -> None:
        labels = ["queue_name", "actor_name"]
        self._total = Counter("dramatiq_messages_total", "Messages processed", labels, registry=registry)
        self._errors = Counter("dramatiq_message_errors_total", "Messages errored", labels, registry=registry)
        self._rejects = Counter(
            "dramatiq_message_rejects_total", "Messages dead-lettered", labels, registry=registry
        )
        self._inprogress = Gauge(
            "dramatiq_messages_inprogress", "Messages in progress", labels, registry=registry
        )
        self._durations = Histogram(
            "dramatiq_message_duration_milliseconds",
            "Time spent processing messages",
            labels,
            buckets=[seconds * 1000 for seconds in SECONDS],
            registry=registry,
        )
        self._lock = Lock()
        self._began: dict[str, float] = {}

    def after_nack(self, _broker: dramatiq.Broker, message: MessageProxy) -> None:
        """A message was given up."""
        self._rejects.labels(message.queue_name, message.actor_name).inc()

    def before_process_message(self, _broker: dramatiq.Broker, message: MessageProxy) -> None:
        """A worker has taken a message."""
        with self._lock:
            self._began[message.message_id] = monotonic()
        self._inprogress.labels(message.queue_name, message.actor_name).inc()

    def after_process_message(
        self,
        _broker: dramatiq.Broker,
        message: MessageProxy,
        *,
        result: object = None,
        exception: BaseException | None = None,
    ) -> None:
        """A worker is done with a message."""
        del result
        labels = (message.queue_name, message.actor_name)
        with self._lock:
            began = self._began.pop(message.message_id, monotonic())
        self._durations.labels(*labels).observe((monotonic() - began) * 1000)
        self._inprogress.labels(*labels).dec()
        self._total.labels(*labels).inc()
        if exception is not None:
            self._errors.labels(*labels).inc()


CHARGED = frozenset({"sent", "delivered", "ambiguous"})
"""The answers after which the provider has, or may have, a message."""
ARRIVED = frozenset({"sent", "delivered"})
"""Those after which it has it."""


class Watched:
    """The figures of one worker process."""

    def __init__(self) -> None:
        self.registry = of_process()
        self.jobs = Jobs(self.registry)
        self._sends = Counter(
            "cairn_sends",
            "Sends by what came of them",
            ["channel", "state"],
            registry=self.registry,
        )
        self._troubles = Counter(
            "cairn_send_troubles",
            "Sends that did not go well, by what that means for them, and why",
            ["channel", "verdict", "cause"],
            registry=self.registry,
        )
        self._segments = Counter(
            "cairn_segments",
            "Segments of SMS that the provider took, or may have taken",
            registry=self.registry,
        )
        self._seconds = Histogram(
            "cairn_send_seconds",
            "How long the channel took to answer",
            ["channel"],
            buckets=SECONDS,
            registry=self.registry,
        )
        self._until_sent = Histogram(
            "cairn_planned_to_sent_seconds",
            "From the moment at which a message was to go, until its provider had it",
            ["channel", "queue"],
            buckets=UNTIL_SENT,
            registry=self.registry,
        )
        self._no_token = Counter(
            "cairn_token_waits",
            "Messages that were put back because the sender had no room for them",
            ["queue"],
            registry=self.registry,
        )

    def sent(self, sent: Sent) -> None:
        """Counts a send."""
        answer = sent.answer
        self._sends.labels(sent.channel, sent.state).inc()
        self._seconds.labels(sent.channel).observe(sent.seconds)
        if answer.verdict in CHARGED:
            self._segments.inc(sent.segments)
        if answer.verdict in ARRIVED:
            self._until_sent.labels(sent.channel, sent.queue).observe(sent.since_due)
        else:
            self._troubles.labels(sent.channel, answer.verdict, class_of(answer.cause)).inc()

    def no_token(self, queue: Queue) -> None:
        """Counts a message that the sender had no room for."""
        self._no_token.labels(queue).inc()
