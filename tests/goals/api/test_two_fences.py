"""Two fences between clinics, row-level security and what the code asks: either holds without the other."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, create_engine, text

from tests.conftest import Databases
from tests.goals.api.callers import A_CLIENT, A_GOAL, Knock
from tests.goals.api.test_access import OPERATIONS, make_all_there

ELSEWHERE = ("therapist elsewhere", "lead elsewhere", "client elsewhere", "service elsewhere")


@pytest.fixture
def admin(databases: Databases) -> Iterator[Engine]:
    made = create_engine(databases.goals_admin)
    yield made
    made.dispose()


@pytest.fixture
def settled(active: Knock) -> Knock:
    """A caller where everything is that the operations speak of, and another clinic."""
    make_all_there(active)
    return active


def asked_from_elsewhere(knock: Knock) -> dict[tuple[str, str, str], int]:
    """What each operation on her record answers whom of another clinic."""
    return {
        (who, method, path): knock(who, method, path, body, If_Match="*").status_code
        for who in ELSEWHERE
        for method, path, body in OPERATIONS
        if path.startswith((A_CLIENT, A_GOAL)) or "client=" in path
    }


def without_row_level_security(admin: Engine) -> None:
    """Every table of the log is open to whoever may read it at all."""
    with admin.begin() as connection:
        tables = connection.scalars(
            text("SELECT oid::regclass::text FROM pg_class WHERE relnamespace = 'cairn'::regnamespace"
                 " AND relrowsecurity")
        ).all()  # fmt: skip
        assert "cairn.event" in tables
        for table in tables:
            connection.exec_driver_sql(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")


def without_what_the_code_asks(admin: Engine) -> None:
    """No function of the log names the clinic any more, beside setting whose the transaction is."""
    with admin.begin() as connection:
        functions = connection.scalars(
            text("SELECT pg_get_functiondef(oid) FROM pg_proc WHERE pronamespace = 'cairn'::regnamespace"
                 " AND prosrc ~ 'clinic_id = a_clinic'")
        ).all()  # fmt: skip
        assert len(functions) > 10
        for function in functions:
            connection.exec_driver_sql(re.sub(r"\w+\.clinic_id = a_clinic", "true", function))


def test_without_row_level_security_the_code_keeps_clinics_apart(settled: Knock, admin: Engine) -> None:
    before = asked_from_elsewhere(settled)
    without_row_level_security(admin)
    assert asked_from_elsewhere(settled) == before


def test_without_what_the_code_asks_row_level_security_keeps_clinics_apart(
    settled: Knock, admin: Engine
) -> None:
    before = asked_from_elsewhere(settled)
    without_what_the_code_asks(admin)
    assert asked_from_elsewhere(settled) == before


def test_without_both_nothing_does(settled: Knock, admin: Engine) -> None:
    without_row_level_security(admin)
    without_what_the_code_asks(admin)
    answered = asked_from_elsewhere(settled)
    assert answered[("lead elsewhere", "GET", A_CLIENT)] == 200


def test_every_function_that_looks_for_a_clinic_names_it(admin: Engine) -> None:
    with admin.connect() as connection:
        leaning = connection.scalars(
            text("SELECT proname FROM pg_proc WHERE pronamespace = 'cairn'::regnamespace"
                 " AND 'a_clinic' = ANY (proargnames)"
                 " AND prosrc ~ '(FROM|JOIN) cairn\\.(event|stream|current|address|access|erasure|staff)\\M'"
                 " AND prosrc !~ 'clinic_id(, \\w+\\.staff_id\\))? = \\(?a_clinic'")
        ).all()  # fmt: skip
    assert leaning == []
