"""Row 11: on an idle system, from the PUT of a win until the provider is called; and what idling costs."""

from __future__ import annotations

import random
import secrets
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID, uuid4

from bench.cluster import folder
from bench.figures import Goal, Result, Table, percentile, written
from bench.processes import cpu_seconds, ours
from bench.rounds import Progress
from infra.local import story
from infra.local.child import start
from infra.local.door import ask, put
from infra.local.ports import free_port
from infra.local.trouble import LocalError
from infra.local.up import Up, running
from infra.standin.provider import Provider
from shared.settings import Settings, other_variables

WORKER = "cairn reminders work"
SETTLED_SECONDS = 1.0
"""So long nothing is sent before it counts as idle."""
PATIENCE = 30.0
METHOD = (
    "`cairn up` as it is, on this machine's disk, sending by a stand-in for Twilio in a process of its "
    "own. Each sample is the first win of another client who consented to texts: one PUT at a random "
    "moment, 150 to 350 ms after the last. Measured is from before the PUT is sent until the stand-in "
    "is called. The CPU is taken over some seconds in which nobody asks for anything; a share of one "
    "core."
)


@dataclass(frozen=True)
class Size:
    """Clients with one win each; seconds of idling."""

    clients: int = 100
    idle_seconds: float = 8.0


QUICK = Size(clients=2, idle_seconds=0.2)


@dataclass
class Asked:
    """A client, her number, and when her win was put (wall clock, seconds)."""

    client: UUID
    number: str
    at: float = 0.0


@dataclass(frozen=True)
class Idled:
    """Seconds from each PUT to its call of the provider, and what idling takes of a core, by process."""

    took: list[float]
    idling: dict[str, float]


def idle(progress: Progress, size: Size | None = None) -> Result:
    """Row 11."""
    found = sampled(progress, size or Size())
    took, idling = found.took, found.idling
    work = idling.get(WORKER)
    goals = [
        Goal("a win → the provider is called, p50", (percentile(took, 0.5),), 0.1, "ms", at_least=False),
        Goal("a win → the provider is called, p99", (percentile(took, 0.99),), 0.3, "ms", at_least=False),
    ]
    if work is not None:
        goals.append(Goal("an idle worker's CPU, of a core", (work,), 0.05, "percent", at_least=False))
    shares = ((name, share) for name, share in sorted(idling.items()))
    tables = (
        Table(
            ("wins", "least", "p50", "p90", "p99", "most"),
            ((str(len(took)), *(written(percentile(took, s), "ms") for s in (0, 0.5, 0.9, 0.99, 1))),),
        ),
        Table(("idle", "of a core"), tuple((name, written(share, "percent")) for name, share in shares)),
    )
    return Result("11. An idle system", METHOD, tables, tuple(goals))


def sampled(progress: Progress, size: Size, known: Settings | None = None) -> Idled:
    """Starts everything, on databases of its own or on those that are `known`, and takes the samples."""
    with folder("real") as home, _provider(home) as (url, variables):
        progress("everything starts")
        said = (known.environment() if known else {}) | variables
        with running(replace(Settings.read(said), home=home / "home")) as up:
            asked = _registered(up, size.clients, progress)
            _settle(url)
            idling = _idling(size.idle_seconds, progress)
            for number, who in enumerate(asked, 1):
                progress(f"win {number} of {len(asked)}")
                time.sleep(random.uniform(0.15, 0.35))  # noqa: S311  a moment, not a secret
                _win(up, who)
            return Idled(_took(url, asked), idling)


@contextmanager
def _provider(ground: Path) -> Iterator[tuple[str, dict[str, str]]]:
    """A stand-in that runs: its URL, and the variables that lead to it."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    variables = Provider(token=secrets.token_hex(16)).environment(url)
    command = [sys.executable, "-m", "bench.provider", str(port)]
    child = start("the stand-in", command, env=other_variables() | variables, log=ground / "standin.log")
    try:
        yield url, variables
    finally:
        child.stop()


def _registered(up: Up, clients: int, progress: Progress) -> list[Asked]:
    """New clients who consented to texts, where it is late morning."""
    token = up.people.tokens["therapist"]
    who = {"name": "Maya Okafor", "locale": "en", "adult": True}
    who |= {"time_zone": story.where_it_is_late_morning(datetime.now(UTC))}
    made = []
    for number in range(clients):
        progress(f"client {number + 1} of {clients} consents")
        asked = Asked(uuid4(), f"+1503555{number + 1000}")
        place = f"{up.goals_url}/v1/clients/{asked.client}"
        put(place, token, who)
        put(f"{place}/contacts/sms", token, {"address": asked.number, "verified_by": "seen"})
        consent = {"text_version": story.CONSENT_TEXT, "given_by": "client"}
        put(f"{place}/consents/sms/{uuid4()}", token, consent)
        made.append(asked)
    return made


def _win(up: Up, who: Asked) -> None:
    place = f"{up.goals_url}/v1/clients/{who.client}/wins/{uuid4()}"
    who.at = time.time()
    put(place, up.people.tokens["therapist"], {"kind": "showed_up", "text": story.WIN})


def _settle(url: str) -> None:
    """Returns once nothing more is sent."""
    seen, since = -1, time.monotonic()
    while time.monotonic() - since < SETTLED_SECONDS:
        time.sleep(0.1)
        if (count := len(_called(url))) != seen:
            seen, since = count, time.monotonic()


def _idling(seconds: float, progress: Progress) -> dict[str, float]:
    """What each process takes of a core; nothing where the system does not say."""
    progress(f"{seconds:.0f} seconds of idling")
    before, began = {p.pid: cpu_seconds(p.pid) for p in ours()}, time.monotonic()
    time.sleep(seconds)
    passed = time.monotonic() - began
    shares: dict[str, float] = {}
    for process in ours():
        if process.pid in before:
            spent = cpu_seconds(process.pid) - before[process.pid]
            shares[process.name] = shares.get(process.name, 0.0) + spent / passed
    return shares


def _took(url: str, asked: list[Asked]) -> list[float]:
    """Seconds until the call that follows each win. Raises LocalError when one does not come."""
    deadline = time.monotonic() + PATIENCE
    while missing := [who for who in asked if who.number not in _called(url)]:
        if time.monotonic() > deadline:
            raise LocalError(f"{len(missing)} of {len(asked)} wins were not celebrated")
        time.sleep(0.2)
    called = _called(url)
    return [called[who.number] - who.at for who in asked]


def _called(url: str) -> dict[str, float]:
    _, found = ask("GET", f"{url}/bench/called")
    return found
