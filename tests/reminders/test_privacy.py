"""Whoever takes the databases and Redis learns nobody's name, number, address or words."""

from uuid import UUID

import psycopg
import pytest

from infra.local.databases import plain
from services.reminders import bell
from shared.events import PreferencesSet
from tests.conftest import Databases
from tests.reminders.house import (
    ADDRESS,
    LABEL,
    NAME,
    NUMBER,
    ZONE,
    House,
    milestone,
    reminder,
)

TABLES = "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"


def dump(url: str) -> bytes:
    with psycopg.connect(plain(url)) as connection:
        tables = [row[0] for row in connection.execute(TABLES)]
        parts = []
        for table in tables:
            for form in ("text", "binary"):
                with connection.cursor().copy(f"COPY {table} TO STDOUT (FORMAT {form})") as copy:
                    parts += [bytes(block) for block in copy]
    assert "record_key" in tables or "person" in tables
    return b"\n".join(parts)


@pytest.fixture
def after_a_story(house: House) -> list[str]:
    house.begin("sms", "email")
    house.happens(PreferencesSet(time_zone=ZONE, locale="en", label=LABEL), reminder("12:00"))
    house.happens(milestone())
    house.answer()
    house.later(hours=2)
    house.schedule()
    house.answer()
    house.page([item | {"type": "cairn.moon.risen.v1"} for item in house.items(PreferencesSet(
        time_zone=ZONE, locale="en", label=LABEL
    ))])  # fmt: skip
    return [NAME, NUMBER, ADDRESS, LABEL, *(text for _, _, text in house.sent())]


def test_the_databases_hold_nothing_personal_in_clear(
    house: House, databases: Databases, after_a_story: list[str]
) -> None:
    assert len(after_a_story) == 7
    dumped = dump(databases.reminders_admin) + dump(databases.reminders_vault_admin)
    for secret in after_a_story:
        assert secret.encode() not in dumped
        assert secret.encode().hex().encode() not in dumped


def test_redis_holds_ids_and_no_more(house: House, after_a_story: list[str]) -> None:
    rung = [bell.Rung(UUID(m["id"]), m["channel"], "bulk") for m in house.messages()]
    bell.ring(house.parts.broker, rung)
    house.sweep()
    client = house.parts.broker.client
    held = b"".join(client.dump(key) or b"" for key in client.keys("*"))
    assert len(held) > 100
    for secret in after_a_story:
        assert secret.encode() not in held


def test_the_logs_hold_ids_and_no_more(
    house: House, capfd: pytest.CaptureFixture[str], after_a_story: list[str]
) -> None:
    said = "".join(capfd.readouterr())
    assert "delivery" in said
    for secret in after_a_story:
        assert secret not in said


def test_the_services_role_can_neither_forget_nor_rewrite_what_was_sent(
    house: House, databases: Databases, after_a_story: list[str]
) -> None:
    with psycopg.connect(plain(databases.reminders), autocommit=True) as connection:
        for attempt in (
            "DELETE FROM message",
            "DELETE FROM occasion",
            "DELETE FROM outbox",
            "UPDATE outbox SET channel = 'sms'",
            "TRUNCATE message CASCADE",
            "DROP TABLE message",
            "INSERT INTO checkpoint VALUES (1)",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(attempt)
