"""Valkey is emptied, killed, away: nothing is lost, nothing goes twice, and the sweeper rings again."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
import redis

from tests.faults.crowd import Crowd
from tests.faults.mortal import servers
from tests.faults.reckoning import reckon, settled
from tests.faults.town import KINDS, soon
from tests.faults.town import town as built

pytestmark = pytest.mark.timeout(200)

SWEPT = 5.0
"""Seconds: the sweeper's period, and what a machine with much else to do adds to it."""


def test_what_it_forgot_is_rung_again_within_the_sweepers_period(ground: Path, tmp_path: Path) -> None:
    with servers(ground / "forgets") as there, built(there.ground, tmp_path) as town:
        town.start(*KINDS)
        crowd = Crowd(town)
        crowd.open()
        for _ in range(4):
            crowd.wins(crowd.comes())
            with redis.Redis.from_url(town.settings.require("broker_url")) as bell:
                bell.flushall()
            crowd.wins(crowd.comes())
            there.kill_valkey(town)
        with town.between["valkey"].away():
            crowd.wins(crowd.comes())
            soon(lambda: not [wrong for wrong in reckon(town, crowd).unsettled if "followed" in wrong])
        began = time.monotonic()
        soon(lambda: len(town.provider.accepted.all()) == 9)
        assert time.monotonic() - began < SWEPT
        found = settled(town, crowd)
        assert (found.lost, found.twice, found.unsettled) == ([], [], [])
