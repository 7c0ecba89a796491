"""A record leaves one database and comes into an empty one: the same state, by the command, once."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import pytest
from click.testing import CliRunner

from services.goals import current
from services.goals.beats import House
from services.goals.commands import goals
from services.goals.export.fhir.chosen import Chosen
from services.goals.handle import handle_clinic
from services.goals.log.verify import verify
from services.goals.rebuilding.rebuild import check
from services.goals.rules.commands.clinic import SetStaff
from services.goals.rules.commands.goal import PauseGoal
from services.goals.rules.goal import Goal
from shared.database import engine
from shared.settings import Settings
from shared.vault import Vault
from tests import controls as c
from tests.conftest import COPIES, Databases
from tests.goals.asking import NORTHSIDE, OPERATOR, ask, record_of
from tests.goals.importing.exported import exported
from tests.goals.importing.files import LINES, MAYA, MAYAS_GOAL, Import, client

ANA = SetStaff(staff_id=c.THERAPIST, role="therapist", name="Ana Ruiz", email="ana@example.org")


@pytest.fixture
def elsewhere(cluster: str, tmp_path: Path) -> Iterator[tuple[House, Import]]:
    """The same clinic in databases that are empty otherwise, with keys of their own."""
    copies = Databases(admin=cluster, prefix=f"t{next(COPIES)}_")
    settings = Settings(
        goals_database_url=copies.goals, vault_database_url=copies.vault, master_key=b"e" * 32
    )
    log, keys = (engine(url, autocommit=True) for url in (copies.goals, copies.vault))
    house = House(log, Vault(keys, b"e" * 32), now=lambda: c.NOW)
    for command in (NORTHSIDE, ANA):
        handle_clinic(house, OPERATOR, c.CLINIC, command, correlation_id="a-test")
    (tmp_path / "elsewhere").mkdir()
    yield house, Import(settings, tmp_path / "elsewhere")
    log.dispose()
    keys.dispose()
    copies.drop()


def states(house: House, record: UUID = MAYA) -> dict[UUID, object]:
    with house.engine.connect() as connection:
        rows = current.rows_of(connection, house.vault, c.CLINIC, record)
        return {row.stream_id: (row.version, row.record_version, row.state) for row in rows}


def test_an_export_that_is_imported_elsewhere_is_the_same_state(
    imports: Import, house: House, elsewhere: tuple[House, Import], tmp_path: Path
) -> None:
    there, imports_there = elsewhere
    imports(*LINES)
    lines = exported(house, MAYA, tmp_path)
    assert len(lines) == 18
    assert imports_there(*lines) == (0, "Events imported: 16. Clients that grew: 1; there already: 0.\n")
    assert states(there) == states(house)
    assert [event.event_id for event in record_of(there, MAYA)] == [
        event.event_id for event in record_of(house, MAYA)
    ]
    assert [event.time for event in record_of(there, MAYA)] == [
        event.time for event in record_of(house, MAYA)
    ]
    assert [found.fault for found in verify(there.engine) if found.fault] == []
    assert check(there.engine, there.vault).different == 0
    again = (0, "Events imported: 0. Clients that grew: 0; there already: 1.\n")
    assert imports_there(*lines) == again
    assert imports(*lines) == again


def test_a_later_export_adds_what_was_done_since(
    imports: Import, house: House, elsewhere: tuple[House, Import], tmp_path: Path
) -> None:
    there, imports_there = elsewhere
    imports(*LINES[:-1])
    imports_there(*exported(house, MAYA, tmp_path))
    ask(replace(house, now=lambda: record_of(house, MAYA)[-1].recorded_at), MAYA,
        PauseGoal(goal_id=MAYAS_GOAL, pause_id=c.named(1)))  # fmt: skip
    done = imports_there(*exported(house, MAYA, tmp_path))
    assert done == (0, "Events imported: 1. Clients that grew: 1; there already: 0.\n")
    assert states(there) == states(house)
    goal = states(there)[MAYAS_GOAL]
    assert isinstance(goal, tuple)
    assert isinstance(goal[2], Goal)
    assert goal[2].status == "paused"


def test_one_changed_event_and_nothing_of_the_file_is_imported(
    imports: Import, house: House, elsewhere: tuple[House, Import], tmp_path: Path
) -> None:
    there, imports_there = elsewhere
    imports(*LINES)
    lines = exported(house, MAYA, tmp_path)
    practice = next(line for line in lines if line["type"] == "cairn.practice.logged.v1")
    practice["data"]["quantity"] = -3
    status, said = imports_there(*lines)
    assert status == 1
    assert said.startswith(f"line {lines.index(practice) + 1}: quantity must be more than 0")
    assert c.NAME not in said
    assert states(there) == {}


def test_a_file_of_lines_is_told_from_an_export_by_what_it_begins_with(imports: Import) -> None:
    assert "line 1: what: It is one of" in imports({"format": "moon"}, client(1))[1]


def test_a_part_of_a_record_is_refused(
    imports: Import, house: House, elsewhere: tuple[House, Import], tmp_path: Path
) -> None:
    _, imports_there = elsewhere
    imports(*LINES)
    status, said = imports_there(*exported(house, MAYA, tmp_path, chosen=Chosen(goal_id=MAYAS_GOAL)))
    assert status == 1
    assert "line 2: recordversion: An event of hers is missing before this one" in said
    status, said = imports_there(*exported(house, MAYA, tmp_path)[:-3])
    assert (status, "line 15: The export does not come to its end" in said) == (1, True)


def test_an_export_says_which_clinic_it_comes_from(
    imports: Import, house: House, elsewhere: tuple[House, Import], tmp_path: Path
) -> None:
    there, imports_there = elsewhere
    imports(*LINES)
    handle_clinic(there, OPERATOR, c.OTHER_CLINIC, NORTHSIDE, correlation_id="a-test")
    file = tmp_path / "hers.jsonl"
    file.write_text("".join(f"{json.dumps(line)}\n" for line in exported(house, MAYA, tmp_path)))
    done = CliRunner().invoke(goals, ["import", str(file)], obj=imports_there.settings)
    assert done.exit_code == 0, done.output
    assert len(states(there)) == 2
