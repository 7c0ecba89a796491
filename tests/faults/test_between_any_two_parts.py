"""Cuts, delays and black holes between any two parts, while a crowd does its things."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest

from tests.faults.crowd import Crowd
from tests.faults.proxy import Proxy
from tests.faults.reckoning import settled
from tests.faults.town import KINDS, Town, is_known, soon

pytestmark = pytest.mark.timeout(200)

HOLE = 2.0
"""Seconds: longer than the provider is waited for, here."""


def break_it(way: Proxy) -> None:
    """Everything that a network does."""
    way.cut()
    way.delay = 0.1
    time.sleep(0.5)
    with way.away():
        time.sleep(0.3)
    way.delay = 0.0
    with way.hole():
        time.sleep(HOLE)


def test_nothing_is_lost_and_nothing_goes_twice(town: Town) -> None:
    town.start(*KINDS)
    crowd, enough = Crowd(town), Event()
    crowd.open()

    def live(_: int) -> None:
        while not enough.is_set():
            client = crowd.comes()
            crowd.wins(client)
            soon(lambda client=client: is_known(town, client.client_id), 60)  # type: ignore[misc]
            crowd.texts(client)

    with ThreadPoolExecutor(3) as hands:
        lives = [hands.submit(live, number) for number in range(3)]
        for way in town.between.values():
            break_it(way)
        enough.set()
        for one in lives:
            one.result()
    found = settled(town, crowd)
    assert (found.lost, found.twice, found.unsettled) == ([], [], [])
    assert found.in_the_log == found.accepted
