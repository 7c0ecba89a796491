"""Row 13: the memory of each process, while as many messages go through all of them as are asked for."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from statistics import mean
from urllib.parse import urlsplit
from uuid import uuid4

from bench.cluster import folder
from bench.designs.crowd import FIRST_NUMBER
from bench.figures import Course, Goal, Result, Table, written
from bench.load import drive, put
from bench.processes import ours, resident
from bench.queues import tally
from bench.rounds import Progress
from bench.slow_provider import taking
from infra.local import story
from infra.local.trouble import LocalError
from infra.local.up import Up, running

MEGABYTE = 1_000_000
CONNECTIONS = 8
PATIENCE = 120.0
WARM = 0.5
"""From this share of the looks on a process is warm, and grows no more."""
METHOD = (
    "`cairn up` as it is, with a stand-in for Twilio that answers at once. Each message is the celebration "
    "of a new client's first win, all of it over HTTP: registered, a number, a consent, a win; appended, "
    "followed, planned, rung for, judged, sent, settled. The memory that each process holds (RSS) is looked "
    "at every second; of several of a kind, the one that holds most. *Warm* is the mean of the tenth of the "
    "looks after half of the time, *at the end* that of the last tenth."
)


@dataclass(frozen=True)
class Size:
    """How many messages; seconds between looks."""

    messages: int = 20_000
    seconds: float = 1.0


QUICK = Size(messages=8, seconds=0.1)


@dataclass
class Looks:
    """What each process held, look by look, in MB; and how many messages had gone by then."""

    seen: dict[int, tuple[str, list[float]]] = field(default_factory=dict)
    messages: list[int] = field(default_factory=list)

    def look(self, messages: int) -> None:
        """Looks at all of them, when so many messages have gone."""
        self.messages.append(messages)
        for process in ours():
            if process.name.startswith("cairn "):
                _name, held = self.seen.setdefault(process.pid, (process.name, []))
                held.append(resident(process.pid) / MEGABYTE)

    def largest(self) -> dict[str, list[float]]:
        """Of each kind the process that held most at the end."""
        found: dict[str, list[float]] = {}
        for name, held in self.seen.values():
            if len(held) == len(self.messages) and held[-1] > found.get(name, [0.0])[-1]:
                found[name] = held
        return found


def memory(progress: Progress, size: Size | None = None) -> Result:
    """Row 13."""
    size = size or Size()
    looks = Looks()
    with folder("real") as home, taking(home, 0) as (settings, taken):
        progress("everything starts")
        with running(replace(settings, home=home / "home")) as up:
            _fill(up, taken, looks, size, progress)
    return _result(looks)


def _fill(up: Up, taken: Path, looks: Looks, size: Size, progress: Progress) -> None:
    numbers = count(FIRST_NUMBER)
    lines = [_requests(up, numbers) for _ in range(CONNECTIONS)]
    port = urlsplit(up.goals_url).port
    assert port is not None
    deadline = time.monotonic() + PATIENCE
    while True:
        gone = tally.total(taken)
        progress(f"{gone:,} of {size.messages:,} messages have gone")
        if not looks.messages or gone > looks.messages[-1]:
            deadline = time.monotonic() + PATIENCE
        if time.monotonic() > deadline:
            raise LocalError(f"No message went for {PATIENCE:.0f} s, after {gone:,}")
        looks.look(gone)
        if gone >= size.messages:
            return
        drive(port, lambda number: next(lines[number]), connections=CONNECTIONS, seconds=size.seconds)


def _requests(up: Up, numbers: Iterator[int]) -> Iterator[bytes]:
    """One client after the other, each with what leads to one message."""
    token = up.people.tokens["therapist"]
    zone = story.where_it_is_late_morning(datetime.now(UTC))
    who = {"name": "Maya Okafor", "locale": "en", "adult": True, "time_zone": zone}
    consent = {"text_version": story.CONSENT_TEXT, "given_by": "client"}
    while True:
        client = f"/v1/clients/{uuid4()}"
        number = {"address": f"+1503{next(numbers)}", "verified_by": "seen"}
        for path, body in (
            (client, who),
            (f"{client}/contacts/sms", number),
            (f"{client}/consents/sms/{uuid4()}", consent),
            (f"{client}/wins/{uuid4()}", {"kind": "showed_up", "text": story.WIN}),
        ):
            yield put(path, json.dumps(body).encode(), token, "127.0.0.1")


def _result(looks: Looks) -> Result:
    found = looks.largest()
    tenth = max(1, len(looks.messages) // 10)
    warm = min(int(len(looks.messages) * WARM), len(looks.messages) - tenth)
    rows, goals = [], []
    for name, held in sorted(found.items()):
        then, now = mean(held[warm : warm + tenth]), mean(held[-tenth:])
        rows.append((name, *(written(value, "MB") for value in (held[0], then, now, max(held)))))
        goals.append(Goal(f"{name}, at its most", (max(held),), 150, "MB", at_least=False))
        goals.append(Goal(f"{name}, at the end beside warm", (now / then,), 1.05, "percent", at_least=False))
    title = f"MB, from the first message to the last of {looks.messages[-1]:,}"
    table = Table(("process", "at first", "warm", "at the end", "at its most"), tuple(rows))
    return Result("13. Memory", METHOD, (table,), tuple(goals), (Course(title, "MB", found),))
