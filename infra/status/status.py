"""How an installation is, as one look at its processes tells it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct

from infra.status.asking import Answers
from infra.status.figures import Figures
from infra.status.troubles import Trouble, events_behind, troubles

QUEUES = (("sms", "now"), ("sms", "bulk"), ("email", "now"), ("email", "bulk"))


class Queue(Struct, frozen=True):
    """What is due in a queue and not claimed, and how long its messages took to their provider."""

    name: str
    due: float | None
    oldest_seconds: float | None
    sent_p50_seconds: float | None
    sent_p95_seconds: float | None
    sent_p99_seconds: float | None


class ByClock(Struct, frozen=True):
    """What is due by the clock and not planned."""

    due: float | None
    oldest_seconds: float | None


class UnderWay(Struct, frozen=True):
    """Messages that are claimed, and those with which something is the matter."""

    sending: float | None
    oldest_seconds: float | None
    unknown: float | None
    set_aside: float | None
    signpost_wait_seconds: float | None


class Feed(Struct, frozen=True):
    """How far the reminder service knows the log, and what it has to tell it."""

    followers: float | None
    lane_lag_seconds: float | None
    events_behind: float | None
    parked: float | None
    facts_waiting: float | None
    facts_refused: float | None
    facts_oldest_seconds: float | None


class Log(Struct, frozen=True):
    """How long the log is, and what of it is sealed."""

    events: float | None
    seal_number: float | None
    unsealed: float | None
    erasures: float | None


class Counted(Struct, frozen=True):
    """What the processes have counted since each of them began."""

    sent: dict[str, float]
    segments: float | None
    suppressed: dict[str, float]
    expired: dict[str, float]
    opt_outs: dict[str, float]
    provider_errors: dict[str, float]


class Status(Struct, frozen=True):
    """One look. A figure is null where no process that was asked shows it."""

    at: datetime
    well: bool
    """Whether nothing needs a person."""
    processes: int
    silent: Sequence[str]
    troubles: Sequence[Trouble]
    queues: Sequence[Queue]
    by_clock: ByClock
    under_way: UnderWay
    feed: Feed
    log: Log
    counted: Counted


def status(answers: Answers, now: datetime) -> Status:
    """What the answers come to."""
    figures = Figures(answers.pages)
    wrong = troubles(figures, answers.silent, now)
    return Status(
        at=now,
        well=not wrong,
        processes=len(answers.pages),
        silent=answers.silent,
        troubles=wrong,
        queues=[_queue(figures, channel, queue) for channel, queue in QUEUES],
        by_clock=ByClock(figures.total("cairn_schedule_backlog"), figures.most("cairn_schedule_lag_seconds")),
        under_way=UnderWay(
            figures.most("cairn_messages_sending"),
            figures.most("cairn_sending_oldest_seconds"),
            figures.total("cairn_messages_unknown"),
            figures.total("cairn_messages_set_aside"),
            figures.most("cairn_signpost_wait_seconds"),
        ),
        feed=_feed(figures),
        log=Log(
            figures.total("cairn_log_events"),
            figures.most("cairn_seal_number"),
            figures.most("cairn_seal_behind_events"),
            figures.total("cairn_erasures"),
        ),
        counted=_counted(figures),
    )


def _queue(figures: Figures, channel: str, queue: str) -> Queue:
    name = f"{channel}-{queue}"
    took = "cairn_planned_to_sent_seconds"
    p50, p95, p99 = (
        figures.quantile(share, took, channel=channel, queue=queue) for share in (0.5, 0.95, 0.99)
    )
    return Queue(
        name,
        figures.total("cairn_backlog", queue=name),
        figures.total("cairn_due_lag_seconds", queue=name),
        p50,
        p95,
        p99,
    )


def _feed(figures: Figures) -> Feed:
    facts = figures.by("cairn_outgoing_facts", "state")
    known = "cairn_outgoing_lag_seconds"
    none = None if figures.most(known) is None else 0.0
    return Feed(
        figures.most("cairn_followers"),
        figures.most("cairn_lane_lag_seconds"),
        events_behind(figures),
        figures.total("cairn_parked_records"),
        facts.get(("waiting",), none),
        facts.get(("refused",), none),
        figures.most(known),
    )


def _counted(figures: Figures) -> Counted:
    moves = "cairn_message_moves_total"
    return Counted(
        sent=_named(figures.by(moves, "channel", state="sent")),
        segments=figures.total("cairn_segments_total"),
        suppressed=_named(figures.by(moves, "cause", state="suppressed")),
        expired=_named(figures.by(moves, "cause", state="expired")),
        opt_outs=_named(figures.by("cairn_opt_outs_total", "source")),
        provider_errors=_named(figures.by("cairn_send_troubles_total", "channel", "verdict", "cause")),
    )


def _named(counts: dict[tuple[str, ...], float]) -> dict[str, float]:
    return {" ".join(filter(None, labels)): count for labels, count in counts.items() if count}
