"""kill -9 in the middle of a seal: the next one goes on, and all of them hold the whole log."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest
from click.testing import CliRunner

from services.goals.commands import goals
from services.goals.seals.folder import Folder
from services.goals.seals.place import numbers_in
from shared.settings import Settings, other_variables
from tests import controls as c
from tests.conftest import Databases
from tests.faults.dying import SEALING
from tests.faults.nursery import bear
from tests.goals.log.conftest import log
from tests.goals.log.writing import Log

__all__ = ["log"]
AFTER = {"kept, not told": 2}
"""How many seals there are when it is dead; else the one that was there before."""


@pytest.mark.parametrize("point", SEALING)
def test_the_next_seal_goes_on_and_all_of_them_hold(
    log: Log, databases: Databases, tmp_path: Path, point: str
) -> None:
    settings = Settings(goals_database_url=databases.goals, seals=tmp_path / "seals", seal_key=b"a" * 32)

    def run(*words: str) -> str:
        done = CliRunner().invoke(goals, list(words), obj=settings, catch_exceptions=False)
        assert done.exit_code == 0, done.output
        return done.stdout

    log.begin(client=c.CLIENT)
    run("seal")
    log.win(c.CLIENT, 1)
    killed = bear(
        ["goals", "seal"], other_variables(os.environ) | settings.environment(), tmp_path / "log", point
    )
    assert killed.dies(30)
    assert killed.process.exitcode == -signal.SIGKILL
    assert len(numbers_in(Folder(tmp_path / "seals"))) == AFTER.get(point, 1)
    assert "2 events, every chain whole" in run("verify")
    log.win(c.CLIENT, 2)
    assert "holds 3 events" in run("seal")
    assert numbers_in(Folder(tmp_path / "seals")) == list(range(1, AFTER.get(point, 1) + 2))
    assert "3 events, every chain whole" in run("verify")
