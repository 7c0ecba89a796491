"""Three hosts share the work: one is stopped, one is cut off, and the third goes on with all of it."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from threading import Event

import pytest
from sqlalchemy import text

from tests.faults import hosts
from tests.faults.crowd import Crowd
from tests.faults.hosts import Host
from tests.faults.reckoning import settled
from tests.faults.town import Town, soon

pytestmark = pytest.mark.timeout(200)

AT_HOME = ("goals serve", "reminders serve", "reminders sweep", "reminders reconcile")
CLIENTS = 40
ON_EACH = ("reminders follow", "reminders schedule", "reminders work")
_SHARING = text("SELECT count(*) FROM follower WHERE alive_until >= now()")


@pytest.fixture
def three(town: Town) -> Iterator[list[Host]]:
    """Three hosts, each with a follower, a scheduler and a worker."""
    if why := hosts.cannot():
        pytest.skip(why)
    with ExitStack() as stack:
        made = [stack.enter_context(hosts.host(list(town.between.values()))) for _ in range(3)]
        town.start(*AT_HOME)
        for number, one in enumerate(made):
            town.start(*(f"{kind} {number}" for kind in ON_EACH), host=one)
        soon(
            lambda: all(
                town.processes[f"{kind} {number}"].has_started for kind in ON_EACH for number in range(3)
            ),
            60,
        )
        soon(lambda: sharing(town) == 3)
        yield made
        for process in town.processes.values():
            process.kill()


def sharing(town: Town) -> int:
    """How many followers share the lanes."""
    with town.ledger.connect() as connection:
        return int(connection.execute(_SHARING).scalar_one())


def test_one_stopped_and_one_cut_off_the_rest_take_over_and_nothing_is_lost_or_sent_twice(
    town: Town, three: list[Host]
) -> None:
    crowd, mended = Crowd(town), Event()
    crowd.open()

    def come(number: int) -> None:
        if number >= CLIENTS // 2:
            mended.wait(60)
        crowd.wins(crowd.comes())

    with ThreadPoolExecutor(4) as hands:
        coming = [hands.submit(come, number) for number in range(CLIENTS)]
        assert [town.processes[f"{kind} 0"].stop(30) for kind in ON_EACH] == [0, 0, 0]
        soon(lambda: sharing(town) == 2)
        three[1].pull()
        soon(lambda: sharing(town) == 1)
        three[1].plug()
        mended.set()
        soon(lambda: sharing(town) == 2)
        for one in coming:
            one.result()
    found = settled(town, crowd)
    assert (found.lost, found.twice, found.unsettled) == ([], [], [])
    assert found.unknown == 0
