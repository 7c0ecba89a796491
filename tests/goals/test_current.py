"""The current state: in step with the log, sealed, and the clinic's own."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID, uuid4

import msgspec
import pytest
from sqlalchemy import Connection, text

from services.goals import current
from services.goals.rules.client import Client
from services.goals.rules.goal import Goal
from shared.database import engine
from shared.sealing import Unopenable
from shared.vault import Vault
from tests import controls as c
from tests.conftest import Databases
from tests.goals.log.writing import Log


@pytest.fixture
def log(databases: Databases) -> Iterator[Log]:
    made = [engine(databases.goals, autocommit=True), engine(databases.vault), engine(databases.goals_admin)]
    yield Log(made[0], Vault(made[1], b"k" * 32), made[2])
    for used in made:
        used.dispose()


@pytest.fixture
def connection(log: Log) -> Iterator[Connection]:
    with log.engine.connect() as made:
        yield made


def register(log: Log, clinic: UUID = c.CLINIC) -> Client:
    """A client with her current state, at version 2 of her record."""
    client = log.begin(clinic)
    state = Client(client_id=client, registered_at=c.NOW, name=c.NAME, locale="en", time_zone=c.ZONE)
    row = current.Row(client, "client", 2, 2, msgspec.json.encode(state))
    log.win(client, 1, clinic=clinic, current=[row])
    return state


def test_what_was_appended_with_it_is_read_back(log: Log, connection: Connection) -> None:
    her = register(log)
    found = current.get(connection, log.vault, c.CLINIC, her.client_id)
    assert found == current.Current(her.client_id, her.client_id, "client", 2, 2, her)


def test_a_goal_is_found_with_the_client_whose_it_is(log: Log, connection: Connection) -> None:
    her, goal = register(log), uuid4()
    log.goal(her.client_id, 2, goal, 1, c.DRAFTED)
    assert current.record_of_goal(connection, c.CLINIC, goal) == her.client_id
    assert current.record_of_goal(connection, c.OTHER_CLINIC, goal) is None
    assert current.record_of_goal(connection, c.CLINIC, her.client_id) is None
    assert current.record_of_goal(connection, c.CLINIC, uuid4()) is None


def test_a_record_shows_all_its_streams(log: Log, connection: Connection) -> None:
    her, goal = register(log), uuid4()
    state = Goal(goal_id=goal, client_id=her.client_id)
    log.goal(her.client_id, 2, goal, 1, c.DRAFTED)
    log.win(
        her.client_id, 3, version=3, current=[current.Row(goal, "goal", 1, 4, msgspec.json.encode(state))]
    )
    rows = current.rows_of(connection, log.vault, c.CLINIC, her.client_id)
    assert {row.stream_id: row.state for row in rows} == {her.client_id: her, goal: state}


def test_another_clinics_state_is_not_there(log: Log, connection: Connection) -> None:
    her = register(log)
    assert current.get(connection, log.vault, c.OTHER_CLINIC, her.client_id) is None
    assert current.rows_of(connection, log.vault, c.OTHER_CLINIC, her.client_id) == ()
    assert current.clinic(connection, log.vault, c.CLINIC) is None


def test_a_refused_append_leaves_the_state_as_it_was(log: Log, connection: Connection) -> None:
    her = register(log)
    late = current.Row(her.client_id, "client", 3, 3, b"{}")
    with pytest.raises(Exception, match="at version 2, not 1"):
        log.win(her.client_id, 1, current=[late])
    found = current.get(connection, log.vault, c.CLINIC, her.client_id)
    assert found is not None
    assert found.state == her


def test_clients_are_listed_page_by_page_and_only_the_clinics_own(log: Log, connection: Connection) -> None:
    hers = sorted((register(log) for _ in range(5)), key=lambda client: client.client_id)
    register(log, c.OTHER_CLINIC)
    seen: list[Client] = []
    after = None
    while True:
        page, after = current.list_clients(connection, log.vault, c.CLINIC, after=after, limit=2)
        seen += page
        if after is None:
            break
    assert seen == hers


def test_who_is_erased_is_listed_no_more(log: Log, connection: Connection) -> None:
    first, second = register(log), register(log)
    log.vault.destroy(first.client_id)
    assert current.list_clients(connection, log.vault, c.CLINIC) == ((second,), None)
    assert current.get(connection, log.vault, c.CLINIC, first.client_id) is None


def test_a_state_of_an_older_version_does_not_pass_for_the_present_one(
    log: Log, connection: Connection
) -> None:
    her = register(log)
    log.tamper("UPDATE cairn.current SET version = 7")
    with pytest.raises(Unopenable):
        current.get(connection, log.vault, c.CLINIC, her.client_id)


def test_the_service_empties_the_current_state_of_its_clinic_at_most(log: Log) -> None:
    register(log)
    with log.engine.connect() as connection:
        assert connection.execute(text("DELETE FROM cairn.current")).rowcount == 0
