"""A worker killed with -9 between claim and settle: nothing goes twice, what can be told is told."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from infra.standin.script import Script
from services.reminders import bell
from services.reminders.bell import Rung
from shared.settings import other_variables
from tests.reminders.house import NUMBER, wait_for
from tests.reminders.wired import Wired


@contextmanager
def process(wired: Wired, *command: str) -> Iterator[subprocess.Popen[bytes]]:
    """A process of its own with the service's settings; killed with -9 in the end, if it still lives."""
    running = subprocess.Popen(
        [sys.executable, "-m", *command],
        env=other_variables(os.environ) | wired.settings.environment(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    yield running
    running.kill()
    running.wait(10)


def planned(wired: Wired, script: Script) -> Rung:
    wired.provider.scripts.set(NUMBER, [script])
    wired.planned()
    [rung] = wired.house.rung
    return rung


def go_on(wired: Wired, rung: Rung) -> None:
    """All that happens after a worker's death: it is rung again, swept, reconciled, and rung again."""
    wired.house.rung = [rung, rung]
    wired.house.answer()
    wired.house.later(minutes=6)
    wired.house.sweep()
    for minutes in (1, 2, 15, 60):
        wired.reconcile(minutes=minutes)
    wired.house.rung = [rung]
    assert wired.house.answer() == [None]
    assert wired.house.sweep() == 0
    assert wired.provider.accepted.twice() == {}


@pytest.mark.parametrize(
    ("point", "callbacks", "accepted", "state"),
    [
        ("before_send", "once", 0, ("unknown", "worker_died")),
        ("after_send", "once", 1, ("delivered", None)),
        ("after_send", "none", 1, ("delivered", None)),
    ],
)
def test_killed_between_claim_and_settle(
    wired: Wired, point: str, callbacks: str, accepted: int, state: tuple[str, str | None]
) -> None:
    rung = planned(wired, Script(callbacks=callbacks))  # type: ignore[arg-type]
    with process(wired, "tests.reminders.dying", point, str(rung.message_id)) as dying:
        assert dying.wait(30) == -9
    if callbacks == "none" or not accepted:
        assert wired.state() == ("sending", None)
    go_on(wired, rung)
    assert wired.state() == state
    assert len(wired.provider.accepted.all()) == accepted


@pytest.mark.parametrize("callbacks", ["none", "once"])
def test_a_real_worker_killed_while_the_provider_takes_its_time(wired: Wired, callbacks: str) -> None:
    rung = planned(wired, Script(takes=8, callbacks=callbacks))  # type: ignore[arg-type]
    bell.ring(wired.house.parts.broker, [rung, rung])
    with process(wired, "infra.command", "reminders", "work", "--threads", "2"):
        wait_for(lambda: bool(wired.provider.accepted.all()), 30)
    wired.provider.scripts.set(NUMBER, [Script()])
    go_on(wired, rung)
    wait_for(lambda: wired.state() == ("delivered", None))  # the last callback may still be on its way
    assert len(wired.provider.accepted.all()) == 1


def test_a_real_worker_takes_up_what_another_was_killed_over_and_sends_nothing_twice(wired: Wired) -> None:
    rung = planned(wired, Script(takes=8, callbacks="none"))
    bell.ring(wired.house.parts.broker, [rung])
    with process(wired, "infra.command", "reminders", "work", "--threads", "2"):
        wait_for(lambda: bool(wired.provider.accepted.all()), 30)
    dead = wired.house.parts.broker.client
    dead.zunionstore("cairn:__heartbeats__", {"cairn:__heartbeats__": 0})  # as if long ago
    wired.provider.scripts.set(NUMBER, [Script()])
    bell.ring(wired.house.parts.broker, [rung])
    assert dead.hlen("cairn:sms-bulk.msgs") == 2
    with process(wired, "infra.command", "reminders", "work", "--threads", "2"):
        wait_for(lambda: dead.hlen("cairn:sms-bulk.msgs") == 0, 30)  # both rings were answered
    assert wired.state() == ("sending", None)
    assert wired.provider.accepted.twice() == {}
    go_on(wired, rung)
    assert wired.state() == ("delivered", None)
