"""Wrapping all keys anew by another master key: nothing is lost, nothing changes but who wraps."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid4

import pytest
from click.testing import CliRunner
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.exc import DBAPIError

from services.goals.commands import goals
from services.reminders.commands import reminders
from shared import rekey as rewrapping
from shared.database import engine
from shared.masters import Given, Master
from shared.rekey import count, rekey
from shared.sealing import derive, place
from shared.settings import Settings, SettingsError
from shared.vault import KeyDestroyed, Vault, WrongMasterKey
from tests.conftest import Databases

OLD, NEW = b"o" * 32, b"n" * 32
BOTH = Given([NEW, OLD])
HERE = place("a-test")


@pytest.fixture
def keys(databases: Databases) -> Iterator[Engine]:
    made = engine(databases.vault, pool_size=4)
    yield made
    made.dispose()


@pytest.fixture
def sealed(keys: Engine) -> dict[UUID, bytes]:
    """What is sealed under the keys of 25 records, all wrapped by the old master key."""
    vault = Vault(keys, OLD)
    vault.digest("sms", "+15035550142")
    return {record: vault.seal(record, b"her words", HERE) for record in (uuid4() for _ in range(25))}


@pytest.fixture
def in_small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rewrapping, "BATCH", 4)


def everything_opens(vault: Vault, sealed: dict[UUID, bytes]) -> None:
    for record, words in sealed.items():
        assert vault.open(record, words, HERE) == b"her words"


def wrapped_by(keys: Engine) -> dict[str, int]:
    with keys.connect() as connection:
        rows = connection.execute(
            text("SELECT master_id, count(*) FROM record_key WHERE wrapped IS NOT NULL GROUP BY 1")
        )
        return {row[0]: row[1] for row in rows}


def test_afterwards_the_new_master_key_alone_opens_all_that_was_sealed_before(
    keys: Engine, sealed: dict[UUID, bytes], in_small_batches: None
) -> None:
    seen: list[int] = []
    assert count(keys, BOTH) == 25
    assert rekey(keys, BOTH, seen.append) == {Master(OLD).id}
    assert (sum(seen), max(seen)) == (25, 4)
    everything_opens(Vault(keys, NEW), sealed)
    with pytest.raises(WrongMasterKey):
        Vault(keys, OLD).key(next(iter(sealed)))
    assert wrapped_by(keys) == {Master(NEW).id: 25}


def test_before_and_in_the_middle_of_it_both_are_known_and_everything_opens(
    keys: Engine, sealed: dict[UUID, bytes], in_small_batches: None
) -> None:
    everything_opens(Vault(keys, BOTH), sealed)
    rekey(keys, BOTH, lambda _: everything_opens(Vault(keys, BOTH), sealed))


def test_addresses_are_found_by_the_same_digests(keys: Engine, sealed: dict[UUID, bytes]) -> None:
    before = Vault(keys, OLD).digest("sms", "+15035550142")
    rekey(keys, BOTH)
    assert Vault(keys, NEW).digest("sms", "+15035550142") == before
    assert sealed


def test_run_again_it_does_nothing(keys: Engine, sealed: dict[UUID, bytes]) -> None:
    rekey(keys, BOTH)
    with keys.connect() as connection:
        before = connection.execute(text("SELECT * FROM record_key ORDER BY record_id")).all()
    assert rekey(keys, BOTH) == set()
    with keys.connect() as connection:
        assert connection.execute(text("SELECT * FROM record_key ORDER BY record_id")).all() == before
    assert sealed


def test_killed_between_two_batches_it_is_run_again(
    keys: Engine, sealed: dict[UUID, bytes], in_small_batches: None
) -> None:
    def killed(_: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        rekey(keys, BOTH, killed)
    assert wrapped_by(keys) == {Master(NEW).id: 4, Master(OLD).id: 21}
    everything_opens(Vault(keys, BOTH), sealed)
    rekey(keys, BOTH)
    everything_opens(Vault(keys, NEW), sealed)


def test_a_key_that_is_destroyed_meanwhile_stays_destroyed(
    keys: Engine, sealed: dict[UUID, bytes], in_small_batches: None
) -> None:
    gone = sorted(sealed)[-1]
    rekey(keys, BOTH, lambda _: Vault(keys, BOTH).destroy(gone))
    with pytest.raises(KeyDestroyed):
        Vault(keys, NEW).create(gone)
    del sealed[gone]
    everything_opens(Vault(keys, NEW), sealed)


def test_what_is_still_made_by_the_old_one_meanwhile_is_wrapped_anew_too(
    keys: Engine, sealed: dict[UUID, bytes], in_small_batches: None
) -> None:
    before_all = UUID(int=1)

    def late(done: int) -> None:
        if done and before_all not in sealed:
            sealed[before_all] = Vault(keys, OLD).seal(before_all, b"her words", HERE)

    rekey(keys, BOTH, late)
    assert before_all in sealed
    everything_opens(Vault(keys, NEW), sealed)


def test_where_a_master_key_is_not_known_nothing_is_changed(keys: Engine, sealed: dict[UUID, bytes]) -> None:
    Vault(keys, b"x" * 32).create(uuid4())
    with pytest.raises(WrongMasterKey, match="CAIRN_MASTER_KEYS_KNOWN must name it"):
        rekey(keys, BOTH)
    assert wrapped_by(keys)[Master(OLD).id] == len(sealed)
    assert "CAIRN_MASTER_KEYS_KNOWN" in (Vault(keys, BOTH).foreign() or "")


@pytest.fixture
def from_before(databases: Databases, keys: Engine, sealed: dict[UUID, bytes]) -> Engine:
    """A vault as it was brought to this version: its own keys are still made of its master key."""
    admin = create_engine(databases.vault_admin)
    with admin.begin() as connection:
        connection.execute(text("ALTER TABLE own_key DISABLE TRIGGER ALL"))
        connection.execute(text("DELETE FROM own_key"))
        connection.execute(
            text("INSERT INTO own_key (purpose, master_id) VALUES ('index', :id), ('links', :id)"),
            {"id": Master(OLD).id},
        )
        connection.execute(text("ALTER TABLE own_key ENABLE TRIGGER ALL"))
    admin.dispose()
    assert sealed
    return keys


def test_what_an_older_version_hashed_and_signed_is_known_before_and_after(from_before: Engine) -> None:
    for purpose in ("index", "links"):
        assert Vault(from_before, OLD).own(purpose) == derive(OLD, purpose)
    rekey(from_before, BOTH)
    for purpose in ("index", "links"):
        assert Vault(from_before, NEW).own(purpose) == derive(OLD, purpose)


def test_a_new_vaults_own_keys_come_of_no_master_key(keys: Engine) -> None:
    vault = Vault(keys, OLD)
    assert len({vault.own("index"), vault.own("links"), derive(OLD, "index"), derive(OLD, "links")}) == 4
    assert Vault(keys, OLD).own("index") == vault.own("index")


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM own_key",
        "TRUNCATE own_key",
        "UPDATE own_key SET purpose = 'another'",
        "UPDATE own_key SET wrapped = NULL",
        "DROP TABLE own_key",
        "ALTER TABLE own_key DISABLE TRIGGER ALL",
    ],
)
def test_the_vaults_own_keys_are_not_lost_by_the_services_role(keys: Engine, statement: str) -> None:
    before = Vault(keys, OLD).own("index")
    with keys.begin() as connection, pytest.raises(DBAPIError):
        connection.execute(text(statement))
    assert Vault(keys, OLD).own("index") == before


COMMANDS = [
    (goals, "vault", "vault_database_url"),
    (reminders, "reminders_vault", "reminders_vault_database_url"),
]


@pytest.mark.parametrize(("command", "database", "field"), COMMANDS, ids=["goals", "reminders"])
def test_the_command_says_what_it_did_and_which_key_may_go(
    databases: Databases, command: Any, database: str, field: str
) -> None:
    url = getattr(databases, database)
    made = engine(url)
    for _ in range(3):
        Vault(made, OLD).create(uuid4())
    made.dispose()
    settings = Settings(**{field: url}, master_key=NEW, master_keys_known=(OLD,))
    done = CliRunner().invoke(command, ["rekey"], obj=settings)
    assert (done.exit_code, done.output.splitlines()) == (
        0,
        [
            f"3 keys of records and the vault's own are wrapped by master key {Master(NEW).id}.",
            f"Nothing in this vault needs master key {Master(OLD).id} any more; its backups from before do.",
        ],
    )
    again = CliRunner().invoke(command, ["rekey"], obj=settings)
    assert again.output == (
        f"Nothing to do: all that is wrapped was wrapped by master key {Master(NEW).id}.\n"
    )
    with pytest.raises(SettingsError, match="CAIRN_MASTER_KEY is not the key"):
        CliRunner().invoke(
            command, ["rekey"], obj=Settings(**{field: url}, master_key=OLD), catch_exceptions=False
        )
