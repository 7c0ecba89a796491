"""PostgreSQL is away, is killed, loses a connection as it commits: said, and made good by itself."""

from __future__ import annotations

from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import text

from shared.events import fact_id
from tests.faults.crowd import Crowd
from tests.faults.mortal import servers
from tests.faults.reckoning import settled
from tests.faults.town import KINDS, Town, is_known, soon
from tests.faults.town import town as built

pytestmark = pytest.mark.timeout(200)
_COUNT = text("SELECT count(*) FROM cairn.event WHERE event_id = :event")


def everything(town: Town) -> Crowd:
    """All runs, and a clinic is open."""
    town.start(*KINDS)
    crowd = Crowd(town)
    crowd.open()
    return crowd


def test_while_it_is_away_each_request_is_told_when_to_come_back_and_then_all_goes_on(town: Town) -> None:
    crowd = everything(town)
    client = crowd.comes()
    path = f"/v1/clients/{client.client_id}/wins/{uuid4()}"
    with town.between["postgres"].away():
        assert crowd.ask("PUT", "therapist", path, {}) is None
        assert crowd.ask("GET", "therapist", f"/v1/clients/{client.client_id}") is None
        assert crowd.answers == {"503": 2}
        assert not town.is_ready("goals")
        assert not town.is_ready("reminders")
    crowd.wins(client)
    found = settled(town, crowd)
    assert (found.lost, found.twice, found.unsettled, found.counted) == ([], [], [], 1)


def test_a_connection_cut_while_it_commits_leaves_the_whole_fact_and_once(town: Town) -> None:
    crowd = everything(town)
    client = crowd.comes()
    soon(lambda: is_known(town, client.client_id), 60)
    postgres, win = town.between["postgres"], uuid4()
    path, body = f"/v1/clients/{client.client_id}/wins/{win}", {"kind": "showed_up"}
    postgres.cut_at = b"cairn.win.recorded.v1"
    assert crowd.put("therapist", path, body) == 200  # it was written, and the answer was lost on its way
    assert postgres.cuts == 1
    with town.log.connect() as connection:
        event = fact_id(client.client_id, "win", win)
        assert connection.execute(_COUNT, {"event": event}).scalar_one() == 1
    postgres.cut_at = b"COMMIT"
    crowd.texts(client)
    found = settled(town, crowd)
    assert postgres.cuts == 2
    assert (found.lost, found.twice, found.unsettled) == ([], [], [])


def test_killed_it_comes_back_with_all_that_was_accepted(ground: Path, tmp_path: Path) -> None:
    with servers(ground / "goes") as there, built(there.ground, tmp_path) as town:
        crowd = everything(town)
        for _ in range(3):
            client = crowd.comes()
            crowd.wins(client)
            there.kill_postgres(town)
            crowd.wins(client)
        found = settled(town, crowd)
        assert (found.lost, found.twice, found.unsettled) == ([], [], [])
        assert found.in_the_log == found.accepted == 15
