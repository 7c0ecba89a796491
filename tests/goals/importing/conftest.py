"""A house with a clinic and one therapist, and files that are imported into it."""

from __future__ import annotations

from pathlib import Path

import pytest

from services.goals.beats import House
from services.goals.handle import handle_clinic
from services.goals.rules.commands.clinic import SetStaff
from shared.settings import Settings
from tests import controls as c
from tests.conftest import Databases
from tests.goals.asking import OPERATOR
from tests.goals.importing.files import Import


@pytest.fixture
def staffed(house: House) -> House:
    """The house, where Ana works."""
    ana = SetStaff(staff_id=c.THERAPIST, role="therapist", name="Ana Ruiz", email="ana@example.org")
    handle_clinic(house, OPERATOR, c.CLINIC, ana, correlation_id="a-test")
    return house


@pytest.fixture
def imports(staffed: House, databases: Databases, tmp_path: Path) -> Import:
    """The command, by the keys of that house."""
    settings = Settings(
        goals_database_url=databases.goals, vault_database_url=databases.vault, master_key=b"k" * 32
    )
    return Import(settings, tmp_path)
