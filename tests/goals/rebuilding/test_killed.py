"""A rebuild killed with -9 at each point: what is live is untouched, and the next one starts clean."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from services.goals.rebuilding.rebuild import check, rebuild
from shared.settings import Settings, other_variables
from tests.conftest import Databases
from tests.goals.rebuilding.dying import POINTS
from tests.goals.rebuilding.lived import Lived


@pytest.mark.parametrize("point", POINTS)
def test_who_dies_has_changed_nothing(lived: Lived, databases: Databases, point: str) -> None:
    right = lived.read()
    lived.tamper("UPDATE cairn.current SET state = '' WHERE kind <> 'goal'")
    before = lived.kept()
    settings = Settings(goals_database_url=databases.goals, vault_database_url=databases.vault)
    dying = subprocess.run(
        [sys.executable, "-m", "tests.goals.rebuilding.dying", point],
        env=other_variables(os.environ) | settings.environment(),
        check=False,
        timeout=60,
    )
    assert dying.returncode == -9
    assert lived.kept() == before
    assert rebuild(lived.log, lived.house.vault).records == 5
    assert lived.read() == right
    assert check(lived.log, lived.house.vault).different == 0
    assert lived.beside() == 0
