"""Running loops of this house in one process, which can be asked how it is while they do."""

# ruff: noqa: PLC0415  each loop imports what it alone needs, and so its process starts in half the time

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from services.reminders.parts import Parts, clock
from shared import tracing
from shared.loops import Loop, run, told_to_stop
from shared.probed import answering

if TYPE_CHECKING:
    from prometheus_client import CollectorRegistry


def run_loops(
    parts: Parts, host: str, port: int | None, *loops: Callable[[Parts, CollectorRegistry], Loop]
) -> None:
    """Runs these until told to stop; whoever asks at `port` is told how they are, where there is one."""
    from services.reminders import readiness
    from shared.probes import of_process

    registry = of_process()
    made = {loop.__name__: loop(parts, registry) for loop in loops}
    parts.show_in(registry)
    tracing.begin(parts.settings, "cairn-reminders")
    with answering(host, port, registry, lambda: readiness.unready(parts)):
        run(told_to_stop(), made, registry)
    tracing.end()


def follow(parts: Parts, registry: CollectorRegistry) -> Loop:
    """Takes in what happened."""
    from services.reminders.following.follow import follow_until
    from services.reminders.following.lag import Lag

    return follow_until(parts.engine, parts.vault, parts.ring, parts.feed, clock, Lag(registry))


def schedule(parts: Parts, _registry: CollectorRegistry) -> Loop:
    """Plans what comes due by the clock."""
    from services.reminders.bell import is_full
    from services.reminders.scheduling.schedule import schedule_until

    return schedule_until(parts.engine, parts.ring, clock, lambda: is_full(parts.broker))


def flags(parts: Parts, _registry: CollectorRegistry) -> Loop:
    """Tells the team again, each morning, that somebody must look."""
    from services.reminders.team.flagging import remind_until

    return remind_until(parts.engine, parts.vault, parts.ring, clock)


def digests(parts: Parts, _registry: CollectorRegistry) -> Loop:
    """Tells the team what the week was."""
    from services.reminders.team.digesting import digest_until

    return digest_until(parts.engine, parts.vault, parts.ring, parts.settings.goals_public_url, clock)


def sweep(parts: Parts, registry: CollectorRegistry) -> Loop:
    """Rings again what was not heard."""
    from services.reminders.sending.rung import RungFor
    from services.reminders.sending.sweep import sweep_until

    registry.register(RungFor(parts.broker))

    return sweep_until(parts.engine, parts.broker, parts.outbox.arrived, clock)


def carry(parts: Parts, _registry: CollectorRegistry) -> Loop:
    """Tells the log what was learnt here."""
    from services.reminders.hearing.carry import carry_until

    return carry_until(parts.engine, parts.vault, parts.ring, parts.goals, clock)


def reconcile(parts: Parts, _registry: CollectorRegistry) -> Loop:
    """Asks the provider what became of messages."""
    from services.reminders.sending.reconcile import reconcile_until

    return reconcile_until(parts.engine, parts.vault, parts.provider, clock)


ALL = (follow, schedule, flags, digests, sweep, carry, reconcile)
