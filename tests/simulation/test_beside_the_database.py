"""The ledger in memory is the ledger of the database: the same steps, statement by statement, row by row."""

from __future__ import annotations

import itertools

import pytest

from shared.database import engine
from tests.conftest import Databases
from tests.simulation.episode import play, steps_of
from tests.simulation.ledger.beside import Beside
from tests.simulation.world import World

LENGTH = 250


@pytest.mark.parametrize("seed", ["beside 1", "beside 2", "beside 3"])
def test_after_every_step_each_row_in_memory_is_the_row_of_the_database(
    databases: Databases, seed: str
) -> None:
    real = engine(databases.reminders)
    counted = itertools.count(1)
    try:

        def hold(world: World) -> None:
            world.engine.compare(whole=not next(counted) % 50)

        steps = steps_of(seed, LENGTH)
        world = play(seed, steps, lambda tables: Beside(real, tables), hold)
        world.engine.compare(whole=True)
        assert world.engine.asked > LENGTH
        alone = play(seed, steps)
    finally:
        real.dispose()
    for name, table in world.tables.named().items():
        assert alone.tables.named()[name].rows == table.rows, name
