"""What the reminder service counts, as far as somebody may have to act on it."""

from __future__ import annotations

from dataclasses import dataclass, field

from prometheus_client.parser import text_string_to_metric_families


@dataclass
class Figures:
    """Its figures of one moment."""

    waiting: int = 0
    unknown: int = 0
    due_seconds: int = 0
    signpost_seconds: int = 0
    lane_seconds: int = 0
    untold: int = 0
    untold_seconds: int = 0
    followers: int = 0
    parked: dict[str, int] = field(default_factory=dict)
    sender: dict[tuple[str, str], int] = field(default_factory=dict)


def read_figures(page: str) -> Figures:
    """Read off the page that Prometheus reads."""
    found = Figures()
    for family in text_string_to_metric_families(page):
        for sample in family.samples:
            value = int(sample.value)
            match sample.name, sample.labels:
                case "cairn_backlog", _:
                    found.waiting += value
                case "cairn_messages_unknown", _:
                    found.unknown += value
                case "cairn_due_lag_seconds", _:
                    found.due_seconds = max(found.due_seconds, value)
                case "cairn_signpost_wait_seconds", _:
                    found.signpost_seconds = max(0, value)
                case "cairn_lane_lag_seconds", _:
                    found.lane_seconds = max(0, value)
                case "cairn_outgoing_facts", _:
                    found.untold += value
                case "cairn_outgoing_lag_seconds", _:
                    found.untold_seconds = max(0, value)
                case "cairn_followers", _:
                    found.followers = value
                case "cairn_parked_records", {"reason": reason} if value:
                    found.parked[reason] = value
                case "cairn_sender_troubles", {"channel": channel, "cause": cause} if value:
                    found.sender[channel, cause] = value
                case _:
                    pass
    return found
