"""A rolling change: code and schema of two releases side by side, and each does its work meanwhile."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import TextClause, text

from infra.local import databases as local
from infra.local.databases import plain
from services.reminders import schema
from services.reminders.ledger import claim, settle
from services.reminders.parts import Parts
from services.reminders.readiness import unready
from services.reminders.sending import holding
from shared.migrations import upgrade
from shared.migrations.steps import chain
from tests.conftest import PASSWORDS, Databases
from tests.reminders.figures import exposition
from tests.reminders.house import House, milestone, reminder

BEFORE_CONSENTS = {
    claim: {"_TAKE": (", consent_id = :consent", "")},
    settle: {"_LATER": (", consent_id = NULL", "")},
}
"""What the code before r0008 said otherwise: it knew of no consent beside a message."""


@contextmanager
def at_step(databases: Databases, step: str) -> Iterator[str]:
    """A reminder database that has come as far as this step, and no further; its URL."""
    name = f"{databases.prefix}at_{step}"
    host = databases.admin.rpartition("@")[2].partition("/")[0]
    with psycopg.connect(plain(databases.admin), autocommit=True) as admin:
        local.make_database(admin, name, "cairn_reminders")
        owner, role = ("cairn_reminders_owner", "cairn_reminders")
        urls = [f"postgresql+psycopg://{who}:{PASSWORDS[who]}@{host}/{name}" for who in (owner, role)]
        upgrade(urls[0], schema.MIGRATIONS, step)
        yield urls[1]
        admin.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@contextmanager
def living_at(house: House, url: str) -> Iterator[House]:
    """The same service on another database."""
    parts = Parts(replace(house.parts.settings, reminders_database_url=url))
    yield House(parts)
    parts.close()


def serves(house: House) -> None:
    """It is ready; follows, plans by the clock, sends what is due, puts off the rest, shows its figures."""
    assert unready(house.parts) is None
    house.begin("sms", "email")
    house.happens(reminder("11:00"), milestone())
    house.sweep()
    house.rung = house._waiting()
    assert house.answer() == ["delivered", "delivered"]
    house.later(hours=1, minutes=5)
    assert house.schedule() == 1
    assert house.answer() == ["delivered"]
    house.happens(milestone("first_win"))
    assert house.answer() == [None, None]  # one celebration a day
    assert b"cairn_messages" in exposition(house.parts.engine)


@pytest.mark.parametrize("step", schema.SERVES)
def test_this_code_serves_a_schema_that_has_not_been_migrated_yet(
    house: House, databases: Databases, step: str
) -> None:
    with at_step(databases, step) as url, living_at(house, url) as before:
        serves(before)


def test_it_is_not_ready_for_one_that_it_cannot_do_without(house: House, databases: Databases) -> None:
    with at_step(databases, "r0007") as url, living_at(house, url) as before:
        assert unready(before.parts) == (
            f"The reminder database is at r0007, not {schema.HEAD}: run `cairn reminders migrate`."
        )


def test_migrated_while_it_runs_it_goes_on_and_uses_what_came(house: House, databases: Databases) -> None:
    with at_step(databases, "r0008") as url, living_at(house, url) as rolling:
        rolling.begin("sms")
        rolling.happens(milestone())
        upgrade(url.replace("//cairn_reminders:", "//cairn_reminders_owner:"), schema.MIGRATIONS)
        rolling.sweep()
        assert unready(rolling.parts) is None
        rolling.rung = rolling._waiting()
        assert rolling.answer() == ["delivered"]
        assert holding.ask(rolling.parts.engine, rolling.now)


def test_the_code_before_serves_this_schema(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    for module, statements in BEFORE_CONSENTS.items():
        for name, (new, old) in statements.items():
            said: TextClause = getattr(module, name)
            assert new in said.text
            monkeypatch.setattr(module, name, text(re.sub(r"\s+", " ", said.text).replace(new, old)))
    serves(house)
    assert {message["consent_id"] for message in house.messages()} == {None}


def test_this_code_serves_the_schema_that_comes_after_it(house: House, databases: Databases) -> None:
    with psycopg.connect(plain(databases.reminders_admin), autocommit=True) as owner:
        owner.execute("ALTER TABLE message ADD of_a_later_release text NOT NULL DEFAULT 'something'")
        owner.execute("CREATE TABLE of_a_later_release (id uuid PRIMARY KEY)")
        owner.execute("UPDATE alembic_version SET version_num = 'r9999'")
    serves(house)


def test_the_steps_are_known_in_their_order() -> None:
    known = chain(schema.MIGRATIONS)
    assert known[-1] == schema.HEAD
    assert set(schema.SERVES) < set(known)
    assert len(known) == len(list((schema.MIGRATIONS / "versions").glob("r*.py")))
