"""What the reminder service shows to Prometheus, read from the ledger at each scrape."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import Engine, text

from services.reminders.ledger import read

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"

_LANES = text("""
SELECT coalesce(max(extract(epoch FROM applied_at - recorded_at)), 0)::float FROM checkpoint
 WHERE applied_at > :now - interval '5 minutes'
""")
_PARKED = text("SELECT reason, count(*) FROM parked_record GROUP BY reason")
_FOLLOWERS = text("SELECT count(*) FROM follower WHERE alive_until >= :now")

Sample = tuple[dict[str, str], float]


def exposition(engine: Engine) -> str:
    """The page that Prometheus reads: what the ledger holds, how late we are, what is parked."""
    now = datetime.now(UTC)
    with engine.connect() as connection:
        messages: list[Sample] = [
            ({"channel": channel, "state": state, "cause": cause}, count)
            for channel, state, cause, count in read.counts(connection)
        ]
        parked: list[Sample] = [({"reason": row[0]}, row[1]) for row in connection.execute(_PARKED)]
        due = read.due_lag(connection, now)
        lanes = float(connection.execute(_LANES, {"now": now}).scalar_one())
        followers = float(connection.execute(_FOLLOWERS, {"now": now}).scalar_one())
    return "".join((
        _gauge("cairn_messages", "Messages in the ledger", messages),
        _gauge("cairn_parked_records", "Records set aside because an event could not be applied", parked),
        _gauge("cairn_due_lag_seconds", "How long the oldest due message has waited", [({}, due)]),
        _gauge("cairn_lane_lag_seconds", "From recorded to applied, the slowest lane", [({}, lanes)]),
        _gauge("cairn_followers", "Followers that hold lanes", [({}, followers)]),
    ))  # fmt: skip


def _gauge(name: str, meaning: str, samples: list[Sample]) -> str:
    lines = [f"# HELP {name} {meaning}", f"# TYPE {name} gauge"]
    for labels, value in samples:
        named = ",".join(f'{label}="{_escaped(text)}"' for label, text in labels.items())
        lines.append(f"{name}{{{named}}} {value}" if named else f"{name} {value}")
    return "\n".join(lines) + "\n"


def _escaped(label: str) -> str:
    return label.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")
