"""kill -9 of every kind of process and of the servers, at random: nothing lost, nothing twice."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.faults.mortal import servers
from tests.faults.storm import Size, Storm
from tests.faults.town import town

pytestmark = pytest.mark.timeout(300)

SIZE = Size(clients=24, texts=2, kills=14, servers=4, points=False)
"""`make soak` has the full one, with death at the points where it hurts as well."""
SEED = 8


def test_every_accepted_fact_is_in_the_log_once_and_no_message_reaches_a_phone_twice(
    ground: Path, tmp_path: Path
) -> None:
    said: list[str] = []
    with servers(ground / "mortal") as there, town(there.ground, tmp_path) as it:
        storm = Storm(it, there, SIZE, SEED, said.append)
        found = storm.run()
        assert (found.lost, found.twice, found.unsettled) == ([], [], [])
        assert found.in_the_log == found.accepted == SIZE.clients * (4 + SIZE.texts)
        assert found.counted == found.said + found.failed_there
        assert storm.killed == SIZE.kills
        assert not storm.fallen, storm.fallen
        assert it.run("goals", "verify") == 0
        assert it.run("goals", "rebuild", "--check") == 0
