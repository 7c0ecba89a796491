"""SIGTERM to each process in the midst of its work: it ends well, and what it had begun is not lost."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest

from infra.standin.script import Script
from tests.faults.crowd import Crowd
from tests.faults.reckoning import settled
from tests.faults.town import KINDS, SERVED, Town, soon

pytestmark = pytest.mark.timeout(200)
IN_TIME = 30.0


def test_each_ends_with_0_in_time_and_another_goes_on_where_it_was(town: Town) -> None:
    town.start(*KINDS)
    soon(lambda: all(town.processes[kind].has_started for kind in KINDS if kind not in SERVED), 60)
    crowd, enough = Crowd(town), Event()
    crowd.open()
    town.provider.scripts.usually(Script(takes=0.3))

    def keep_coming(_: int) -> None:
        while not enough.is_set():
            crowd.wins(crowd.comes())

    with ThreadPoolExecutor(3) as hands:
        coming = [hands.submit(keep_coming, number) for number in range(3)]
        codes = {}
        for kind in KINDS:
            codes[kind] = town.processes[kind].stop(IN_TIME)
            town.start(kind, ready=False)
        enough.set()
        for one in coming:
            one.result()
    assert codes == dict.fromkeys(KINDS, 0)
    found = settled(town, crowd)
    assert (found.lost, found.twice, found.unsettled) == ([], [], [])
    assert found.unknown == 0
