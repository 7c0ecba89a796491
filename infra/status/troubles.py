"""What needs a person: the rules of infra/prometheus/rules that one look at the figures can tell.

What rings by a share, by what grew within an hour, or by a week's silence takes Prometheus, which remembers.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from infra.status.figures import Figures
from infra.status.words import lasting

Urgency = Literal["page", "ticket"]


@dataclass(frozen=True)
class Trouble:
    """An alert that rings, or will if it stays so; its entry is in docs/operations/alerts.md."""

    alert: str
    urgency: Urgency
    says: str


@dataclass(frozen=True)
class Above:
    """An alert that rings while a figure is above its limit, by each value of these labels by itself."""

    alert: str
    urgency: Urgency
    figure: str
    limit: float
    says: str
    by: tuple[str, ...] = ()
    ending: str = ""
    """Only where the first of the labels ends so."""
    though_held: bool = True
    """False where it is no wonder while sending is held."""


ABOVE = (
    Above("SignpostNotAccepted", "page", "cairn_signpost_wait_seconds", 60,
          "a signpost, where to turn in danger, has waited for {lasting}"),
    Above("LogNotSound", "page", "cairn_seal_fails", 0, "the log or its seals are not as they were made"),
    Above("SendingHeld", "page", "cairn_sending_held", 0, "nothing is sent: the ledger was restored"),
    Above("SenderRefused", "page", "cairn_sender_troubles", 0,
          "{count} messages by {0} wait or are lost: {1}", by=("channel", "cause")),
    Above("SendingLate", "page", "cairn_due_lag_seconds", 60,
          "what is due in {0} has waited for {lasting}", by=("queue",), ending="-now", though_held=False),
    Above("SendingLate", "page", "cairn_due_lag_seconds", 600,
          "what is due in {0} has waited for {lasting}", by=("queue",), ending="-bulk", though_held=False),
    Above("SweeperStopped", "page", "cairn_sending_oldest_seconds", 600,
          "a message was claimed {lasting} ago and nobody settled it"),
    Above("SchedulingLate", "page", "cairn_schedule_lag_seconds", 300,
          "{0}s that are due have waited for {lasting} to be planned", by=("kind",), though_held=False),
    Above("FollowersBehind", "page", "cairn_lane_wait_seconds", 60,
          "lanes {0} wait for {lasting} to be followed", by=("lanes",)),
    Above("FollowersBehind", "page", "cairn_lane_lag_seconds", 60, "the slowest lane was {lasting} behind"),
    Above("FactsUntold", "page", "cairn_outgoing_lag_seconds", 300,
          "what clients told us has waited for {lasting} for the log"),
    Above("Overloaded", "page", "cairn_http_behind", 16, "{count} requests wait for a thread"),
    Above("RecordsParked", "page", "cairn_parked_records", 19, "{count} records are set aside"),
    Above("RecordsParked", "ticket", "cairn_parked_records", 0, "{count} records are set aside"),
    Above("MessagesSetAside", "ticket", "cairn_messages_set_aside", 0,
          "{count} messages could not be judged"),
    Above("ErasureOverdue", "ticket", "cairn_erasure_overdue_seconds", 3600,
          "an erasure has been due for {lasting}"),
    Above("PoolExhausted", "ticket", "cairn_pool_connections", 16,
          "a process has {count} connections to {1} in use", by=("state", "database"), ending="used"),
    Above("MemoryGrows", "ticket", "process_resident_memory_bytes", 200e6, "a process takes {megabytes}"),
)  # fmt: skip
AWAY = (
    Trouble("DatabaseAway", "page", "the ledger cannot be read"),
    Trouble("DatabaseAway", "page", "the log cannot be read"),
    Trouble("BellAway", "page", "Valkey does not answer: nothing is sent"),
    Trouble("NobodyFollows", "page", "no follower holds lanes"),
)
_AWAY_AT_ZERO = ("cairn_ledger_read", "cairn_log_read", "cairn_bell_reached", "cairn_followers")
FEED_SILENT_SECONDS = 60.0
EVENTS_BEHIND = 1_000.0
SEAL_PERIODS = 2.0


def troubles(figures: Figures, silent: Sequence[str], now: datetime) -> list[Trouble]:
    """All that is wrong now, what wakes somebody first; of one thing only the most urgent."""
    found = [*_missing(silent), *_away(figures), *_above(figures), *_compared(figures, now.timestamp())]
    found.sort(key=lambda one: one.urgency)  # "page" comes before "ticket"
    said: dict[tuple[str, str], Trouble] = {}
    for one in found:
        said.setdefault((one.alert, one.says), one)
    return list(said.values())


def events_behind(figures: Figures) -> float | None:
    """How many events of the log are not applied yet."""
    written, applied = figures.total("cairn_log_events"), figures.total("cairn_followed_events")
    return None if written is None or applied is None else max(0.0, written - applied)


def _missing(silent: Sequence[str]) -> Iterator[Trouble]:
    for place in silent:
        yield Trouble("ProcessMissing", "page", f"nobody answers: {place}")


def _away(figures: Figures) -> Iterator[Trouble]:
    for figure, trouble in zip(_AWAY_AT_ZERO, AWAY, strict=True):
        if figures.most(figure) == 0:
            yield trouble


def _above(figures: Figures) -> Iterator[Trouble]:
    held = bool(figures.most("cairn_sending_held"))
    for rule in ABOVE:
        for labels, value in figures.by(rule.figure, *rule.by).items():
            at_fault = not labels or labels[0].endswith(rule.ending)
            if value > rule.limit and at_fault and (rule.though_held or not held):
                yield Trouble(rule.alert, rule.urgency, _said(rule, labels, value))


def _said(rule: Above, labels: tuple[str, ...], value: float) -> str:
    return rule.says.format(
        *labels, count=f"{value:,.0f}", lasting=lasting(value), megabytes=f"{value / 1e6:.0f} MB"
    )


def _compared(figures: Figures, now: float) -> Iterator[Trouble]:
    silent = _feed_silent(figures, now)
    if silent > FEED_SILENT_SECONDS:
        yield Trouble("FeedSilent", "page", f"the feed has not answered for {lasting(silent)}")
    behind = events_behind(figures) or 0
    if behind > EVENTS_BEHIND:
        yield Trouble("FollowersBehind", "page", f"{behind:,.0f} events of the log are not applied")
    made_at, period = (figures.most(f"cairn_seal_{one}_seconds") for one in ("made_timestamp", "period"))
    unsealed = figures.most("cairn_seal_behind_events") or 0
    if made_at and period and unsealed and now - made_at > SEAL_PERIODS * period:
        yield Trouble("SealingBehind", "ticket", f"{unsealed:,.0f} events are without a seal")


def _feed_silent(figures: Figures, now: float) -> float:
    """For how many seconds; at the most since the youngest process began, for it shows 0 until an answer."""
    read_at = figures.most("cairn_feed_read_timestamp_seconds")
    if read_at is None:
        return 0.0
    return now - max(read_at, figures.most("process_start_time_seconds") or 0.0)
