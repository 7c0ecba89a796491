"""Two fences between clinics in the reminder service's door: either holds where the other was taken away."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import Connection, Engine, create_engine, text

from services.reminders import schema
from services.reminders.api import caller
from services.reminders.app import create_app
from services.reminders.rules.person import Person
from shared.migrations import upgrade
from shared.problems import Problem
from shared.tokens import Claims
from tests.conftest import Databases
from tests.reminders.api.test_access import OPERATIONS
from tests.reminders.api.test_app import bearer
from tests.reminders.house import A_CLINIC, CLIENT, CLINIC, REGISTERED, House, milestone
from tests.reminders.test_rolling import at_step, living_at

TEXTS = f"/v1/clients/{CLIENT}/texts"
HERS = [(method, path) for method, path in OPERATIONS if str(CLIENT) in path and TEXTS not in path]
ELSEWHERE = uuid4()
BESIDE = {"alembic_version", "checkpoint", "follower", "hold", "opt_out", "dead_address"}
"""What is no clinic's: positions, leases, and what is found by a keyed hash alone."""


@pytest.fixture
def admin(databases: Databases) -> Iterator[Engine]:
    made = create_engine(databases.reminders_admin)
    yield made
    made.dispose()


@pytest.fixture
def told(house: House) -> House:
    """A client who was written to, and another clinic with a client of its own."""
    house.begin("sms", "email")
    house.happens(milestone())
    house.answer()
    house.happens(A_CLINIC, record=ELSEWHERE, clinic=ELSEWHERE)
    house.happens(REGISTERED, record=uuid4(), clinic=ELSEWHERE)
    return house


def asked(app: Flask, clinic: UUID) -> list[int]:
    """What a lead of a clinic hears about her."""
    headers = bearer("lead", clinic)
    return [app.test_client().open(path, method=method, headers=headers).status_code for method, path in HERS]


def without_row_level_security(admin: Engine) -> None:
    with admin.begin() as connection:
        tables = connection.scalars(
            text("SELECT oid::regclass::text FROM pg_class WHERE relrowsecurity")
        ).all()
        assert "message" in tables
        for table in tables:
            connection.exec_driver_sql(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")


def asks_for_no_clinic(_: Claims, person: Person | None) -> Person:
    """The judge of who may reach whom, without a thought of clinics."""
    if person is None:
        raise Problem(404, "There is no such client.")
    return person


def test_without_row_level_security_the_code_keeps_clinics_apart(
    told: House, app: Flask, admin: Engine
) -> None:
    without_row_level_security(admin)
    assert (asked(app, CLINIC), asked(app, ELSEWHERE)) == ([200, 200], [404, 404])


def test_without_what_the_code_asks_row_level_security_keeps_clinics_apart(
    told: House, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(caller, "must_reach", asks_for_no_clinic)
    assert (asked(app, CLINIC), asked(app, ELSEWHERE)) == ([200, 200], [404, 404])


def test_without_both_nothing_does(
    told: House, app: Flask, admin: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    without_row_level_security(admin)
    monkeypatch.setattr(caller, "must_reach", asks_for_no_clinic)
    assert asked(app, ELSEWHERE) == [200, 200]


def test_what_she_wrote_is_kept_apart_by_either_fence(
    told: House, app: Flask, admin: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def elsewhere() -> int:
        return app.test_client().get(TEXTS, headers=bearer("service", ELSEWHERE)).status_code

    judge = caller.must_reach
    monkeypatch.setattr(caller, "must_reach", asks_for_no_clinic)
    assert elsewhere() == 404
    monkeypatch.setattr(caller, "must_reach", judge)
    without_row_level_security(admin)
    assert elsewhere() == 404
    monkeypatch.setattr(caller, "must_reach", asks_for_no_clinic)
    assert elsewhere() == 200


def rows_seen(connection: Connection) -> dict[str, int]:
    """How many rows of each table that it may read at all."""
    tables = connection.scalars(
        text("SELECT oid::regclass::text FROM pg_class WHERE relnamespace = 'public'::regnamespace"
             " AND relkind = 'r' AND has_table_privilege(oid, 'SELECT')")
    ).all()  # fmt: skip
    return {
        table: connection.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar_one()  # noqa: S608
        for table in tables
        if table not in BESIDE
    }


def test_the_doors_role_sees_one_clinic_and_before_it_is_said_whose_nothing(told: House) -> None:
    with told.parts.door._own.connect() as connection:
        assert set(rows_seen(connection).values()) == {0}
    with told.parts.door.of(CLINIC) as connection:
        here = rows_seen(connection)
    with told.parts.door.of(ELSEWHERE) as connection:
        there = rows_seen(connection)
    with told.parts.engine.connect() as connection:
        everywhere = rows_seen(connection)
    assert here["message"] == everywhere["message"] > 0
    assert (here["person"], there["person"], everywhere["person"]) == (1, 1, 2)
    assert {table: here[table] + there[table] for table in here} == {
        table: everywhere[table] for table in here
    }
    with told.parts.door._own.connect() as connection:  # the next to use the connection is nobody's again
        assert set(rows_seen(connection).values()) == {0}


def test_before_the_step_is_taken_the_code_keeps_clinics_apart_and_from_then_on_both(
    house: House, databases: Databases
) -> None:
    with at_step(databases, "r0011") as url, living_at(house, url) as rolling:
        rolling.begin("sms")
        rolling.happens(milestone())
        rolling.answer()
        app = create_app(rolling.parts.settings)
        assert (asked(app, CLINIC), asked(app, ELSEWHERE)) == ([200, 200], [404, 404])
        upgrade(url.replace("//cairn_reminders:", "//cairn_reminders_owner:"), schema.MIGRATIONS)
        assert (asked(app, CLINIC), asked(app, ELSEWHERE)) == ([200, 200], [404, 404])
        with app.extensions["parts"].door.of(ELSEWHERE) as connection:
            assert set(rows_seen(connection).values()) == {0}
        app.extensions["parts"].close()


def test_every_table_of_clients_is_fenced(admin: Engine) -> None:
    with admin.connect() as connection:
        open_ones = set(
            connection.scalars(
                text("SELECT oid::regclass::text FROM pg_class WHERE relnamespace = 'public'::regnamespace"
                     " AND relkind = 'r' AND NOT relrowsecurity")
            )
        )  # fmt: skip
    assert open_ones == BESIDE
