"""Who is erased, before a rebuild or while it runs, is not kept again by it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, create_engine, text

from services.goals.rebuilding.rebuild import check, rebuild
from shared.database import engine
from shared.vault import Vault
from tests.conftest import Databases
from tests.goals.erasing.trial import MASTER_KEY, Trial
from tests.goals.erasing.trial import trial as begun


@pytest.fixture
def trial(databases: Databases) -> Iterator[Trial]:
    """A goals service on databases of its own."""
    with begun(databases) as made:
        yield made


@pytest.fixture
def parts(databases: Databases) -> Iterator[tuple[Engine, Vault]]:
    """The log and the vault as another process has them, which remembers keys of its own."""
    log, keys = engine(databases.goals, pool_size=4), engine(databases.vault, autocommit=True)
    yield log, Vault(keys, MASTER_KEY)
    log.dispose()
    keys.dispose()


@pytest.mark.parametrize("at_batch", [1, 2])
def test_who_is_erased_while_it_runs_is_not_kept_again(
    trial: Trial, databases: Databases, parts: tuple[Engine, Vault], at_batch: int
) -> None:
    client = trial.granted()
    trial.later(days=7)
    admin = create_engine(databases.goals_admin)
    with admin.begin() as connection:
        connection.execute(text("UPDATE cairn.current SET state = ''"))
    batches: list[int] = []

    def go_on(events: int) -> None:
        batches.append(events)
        if len(batches) == at_batch:
            trial.carry_out()

    rebuild(*parts, go_on)
    assert len(batches) > at_batch
    assert trial.types(client)[-1] == "client.erased"
    assert trial.kept(client) == (0, 0)
    assert check(*parts).different == 0
    with admin.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM cairn.rebuilt_current")).scalar_one() == 0
    admin.dispose()


def test_who_was_erased_is_not_missed(trial: Trial, parts: tuple[Engine, Vault]) -> None:
    client = trial.granted()
    trial.later(days=7)
    trial.carry_out()
    assert check(*parts).different == 0
    assert rebuild(*parts).records == 0
    assert trial.kept(client) == (0, 0)
