"""The doorbell: Dramatiq queues that carry message ids, and nothing that could be lost with them."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from typing import Literal, NamedTuple
from uuid import UUID, uuid4

import dramatiq
import redis
from dramatiq.brokers.redis import RedisBroker
from redis.backoff import NoBackoff
from redis.retry import Retry

from shared.events import Channel

Queue = Literal["now", "bulk"]
CHANNELS: tuple[Channel, ...] = ("sms", "email")
QUEUES: tuple[Queue, ...] = ("now", "bulk")

NAMESPACE = "cairn"
AWAKE = f"{NAMESPACE}:awake"
"""Set once Redis has been rung in full; gone when Redis has lost its memory."""
PULSE = f"{NAMESPACE}:pulse"
"""How far the ledger's pulse has come: a ledger that knows of less is an older one."""
HEARTBEAT_MS = 20_000
MAINTENANCE_PER_MILLION = 50_000
MOST = 10_000
"""So many bulk messages of a channel may wait to be answered before the scheduler begins no more."""
BellAway = redis.RedisError
"""Redis cannot be reached, or refuses. Nothing is lost: the ledger knows, and the sweeper rings again."""


class Bell(RedisBroker):
    """Dramatiq's broker without its delay queues, which would only double the idle polling."""

    def declare_queue(self, queue_name: str) -> None:
        """Declares a queue of this name alone."""
        if queue_name not in self.queues:
            self.emit_before("declare_queue", queue_name)
            self.queues.add(queue_name)
            self.emit_after("declare_queue", queue_name)


class Rung(NamedTuple):
    """A message to be delivered, and the queue that it is rung on."""

    message_id: UUID
    channel: Channel
    queue: Queue


Deliver = Callable[[UUID, Channel, Queue], object]
"""What an actor calls: it delivers a message, if it is still to be delivered."""


def queue_name(channel: Channel, queue: Queue) -> str:
    """The Dramatiq queue of a channel's urgency, which is its actor's name too."""
    return f"{channel}-{queue}"


def connect(broker_url: str) -> Bell:
    """A broker without Dramatiq's retries, delays and time limits: those live in the ledger."""
    client = redis.Redis.from_url(
        broker_url,
        socket_timeout=5,
        socket_connect_timeout=2,
        # Whoever rings has the ledger behind it, and better things to do than to wait for a bell.
        retry=Retry(NoBackoff(), 1),
    )
    return Bell(  # type: ignore[no-untyped-call]
        client=client,
        middleware=[],
        namespace=NAMESPACE,
        heartbeat_timeout=HEARTBEAT_MS,
        maintenance_chance=MAINTENANCE_PER_MILLION,
    )


def answer(broker: Bell, deliver: Deliver, channel: Channel, queue: Queue) -> None:
    """Declares the actor of a queue: one line."""
    name = queue_name(channel, queue)

    @dramatiq.actor(broker=broker, actor_name=name, queue_name=name)
    def actor(message_id: str) -> None:
        deliver(UUID(message_id), channel, queue)


def ring(broker: Bell, rung: Iterable[Rung]) -> None:
    """Rings for all of them in one round trip. Raises BellAway."""
    pipeline = broker.client.pipeline(transaction=False)
    dispatch = broker.scripts["dispatch"]
    for message_id, channel, queue in rung:
        name = queue_name(channel, queue)
        redis_id = str(uuid4())
        message: dramatiq.Message[None] = dramatiq.Message(
            name, name, (str(message_id),), {}, {"redis_message_id": redis_id}
        )
        settings = (_now_ms(), name, broker.broker_id, HEARTBEAT_MS, broker.dead_message_ttl, 0, 1)
        dispatch(keys=[NAMESPACE], args=["enqueue", *settings, redis_id, message.encode()], client=pipeline)
    pipeline.execute()


def is_awake(broker: Bell) -> bool:
    """Whether Redis still remembers having been rung. Raises BellAway."""
    return bool(broker.client.exists(AWAKE))


def mark_awake(broker: Bell) -> None:
    """Leaves the marker; called after everything due has been rung. Raises BellAway."""
    broker.client.set(AWAKE, "1")


def pulse(broker: Bell) -> int:
    """The furthest pulse of the ledger that Redis was told of; 0 where it remembers none. Raises BellAway."""
    return int(broker.client.get(PULSE) or 0)


def remember_pulse(broker: Bell, count: int) -> None:
    """Tells it. Raises BellAway."""
    broker.client.set(PULSE, count)


def waiting(broker: Bell, names: Sequence[str]) -> list[tuple[str, int]]:
    """How many rings of each queue wait to be answered. Raises BellAway."""
    pipeline = broker.client.pipeline(transaction=False)
    for name in names:
        pipeline.llen(f"{NAMESPACE}:{name}")
    return list(zip(names, map(int, pipeline.execute()), strict=True))


def is_full(broker: Bell) -> bool:
    """Whether so much of `bulk` waits to be answered that no more should be begun; no, where it is away."""
    try:
        names = [queue_name(channel, "bulk") for channel in CHANNELS]
        return any(count >= MOST for _, count in waiting(broker, names))
    except BellAway:
        return False


def _now_ms() -> int:
    return int(time.time() * 1000)
