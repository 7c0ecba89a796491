"""kill -9 just before and after each step that must not be taken twice: the next process goes on there."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from infra.standin.script import Script
from tests.faults.crowd import Crowd
from tests.faults.dying import POINTS
from tests.faults.mortal import servers
from tests.faults.reckoning import settled
from tests.faults.town import KINDS, Town, is_known, soon
from tests.faults.town import town as built

pytestmark = pytest.mark.timeout(200)
TROUBLE = [Script("429"), Script("500_after", callbacks="none"), Script()]
"""Her first message is to be tried again, and then nobody can tell but by asking; the next one goes well."""


@pytest.fixture(scope="module")
def there(ground: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Town, Crowd]]:
    """A town where everything runs, and a crowd that comes to it."""
    with servers(ground / "where-it-hurts") as real, built(real.ground, tmp_path_factory.mktemp("t")) as town:
        town.start(*KINDS)
        crowd = Crowd(town)
        crowd.open()
        yield town, crowd


def live(town: Town, crowd: Crowd) -> None:
    """All that one client does: her win is celebrated, which may have gone or not; her text is answered."""
    client = crowd.comes()
    town.provider.scripts.set(client.number, TROUBLE)
    crowd.wins(client)
    soon(lambda: is_known(town, client.client_id), 60)
    crowd.texts(client)


@pytest.mark.parametrize("point", POINTS)
def test_the_next_process_takes_it_up_there(there: tuple[Town, Crowd], point: str) -> None:
    town, crowd = there
    kind = POINTS[point].process
    town.kill(kind)
    town.start(kind, point=point, ready=False)
    with ThreadPoolExecutor(1) as somebody:
        life = somebody.submit(live, town, crowd)
        assert town.processes[kind].dies(30)
        town.start(kind, ready=False)
        life.result()
    found = settled(town, crowd)
    assert (found.lost, found.twice, found.unsettled) == ([], [], [])
    assert found.in_the_log == found.accepted
