"""Two followers behind sixteen writers, one killed after the other: no event is missed or applied twice."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import text

from tests.faults.crowd import Crowd
from tests.faults.reckoning import reckon
from tests.faults.storm import FOLLOWERS
from tests.faults.town import Town

pytestmark = pytest.mark.timeout(200)

WRITERS, WINS, KILLS = 16, 6, 8
_WRITTEN = text("SELECT record_id, max(record_version) FROM cairn.event GROUP BY 1")
_APPLIED = text("SELECT client_id, version FROM person UNION SELECT clinic_id, version FROM clinic")
_CELEBRATED = text("SELECT client_id, count(*) FROM occasion WHERE kind = 'celebration' GROUP BY 1")


def test_each_record_is_known_as_the_log_has_it_and_each_milestone_is_an_occasion_once(town: Town) -> None:
    town.start("goals serve", *FOLLOWERS)
    crowd = Crowd(town)
    crowd.open()

    def write(_: int) -> None:
        client = crowd.comes()
        for _win in range(WINS):
            crowd.wins(client)

    with ThreadPoolExecutor(WRITERS) as hands:
        writing = [hands.submit(write, number) for number in range(WRITERS)]
        for number in range(KILLS):
            town.kill(FOLLOWERS[number % 2])
            town.start(FOLLOWERS[number % 2])
            time.sleep(0.2)
        for one in writing:
            one.result()
    followed = reckon(town, crowd)
    until = time.monotonic() + 60
    while "events not followed" in followed.unsettled and time.monotonic() < until:
        followed = reckon(town, crowd)
    assert (followed.lost, followed.twice) == ([], [])
    with town.log.connect() as log, town.ledger.connect() as ledger:
        written = {row[0]: row[1] for row in log.execute(_WRITTEN)}
        assert {row[0]: row[1] for row in ledger.execute(_APPLIED)} == written
        assert {row[1] for row in ledger.execute(_CELEBRATED)} == {2}  # the first step, and the first win
