"""The vault: one key a record, remembered for a while, destroyed for ever."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest
from sqlalchemy import Engine, event, text
from sqlalchemy.exc import DBAPIError

from shared.database import engine
from shared.sealing import Unopenable, place
from shared.vault import CACHE_SECONDS, KeyDestroyed, Vault, WrongMasterKey
from tests.conftest import Databases

MASTER = b"k" * 32
HERE = place("a-test")


class Clock:
    """Seconds that a test moves."""

    now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def keys(databases: Databases) -> Iterator[Engine]:
    made = engine(databases.vault, autocommit=True, pool_size=10)
    yield made
    made.dispose()


@pytest.fixture
def queries(keys: Engine) -> list[str]:
    seen: list[str] = []

    @event.listens_for(keys, "before_cursor_execute")
    def note(_c: object, _k: object, statement: str, *_: object) -> None:
        seen.append(statement)

    return seen


def test_what_is_sealed_opens_again_and_elsewhere_not(keys: Engine) -> None:
    record = uuid4()
    sealed = Vault(keys, MASTER).create(record).seal(b"her words", HERE)
    key = Vault(keys, MASTER).key(record)
    assert key is not None
    assert key.open(sealed, HERE) == b"her words"
    with pytest.raises(Unopenable):
        key.open(sealed, place("another"))
    with pytest.raises(Unopenable):
        Vault(keys, MASTER).create(uuid4()).open(sealed, HERE)


def test_a_record_has_one_key_however_many_make_it_at_once(keys: Engine) -> None:
    record = uuid4()
    with ThreadPoolExecutor(8) as threads:
        made = list(threads.map(lambda _: Vault(keys, MASTER).create(record).key_id, range(8)))
    assert len(set(made)) == 1


def test_a_record_without_a_key_has_none(keys: Engine) -> None:
    assert Vault(keys, MASTER).key(uuid4()) is None


def test_a_destroyed_key_is_gone_and_gets_no_other(keys: Engine) -> None:
    record, vault = uuid4(), Vault(keys, MASTER)
    sealed = vault.seal(record, b"her words", HERE)
    assert vault.open(record, sealed, HERE) == b"her words"
    vault.destroy(record)
    vault.destroy(record)
    assert vault.key(record) is None
    assert vault.open(record, sealed, HERE) is None
    with pytest.raises(KeyDestroyed):
        vault.create(record)
    with pytest.raises(KeyDestroyed):
        vault.seal(record, b"more words", HERE)


def test_a_record_that_never_had_a_key_gets_none_after_its_erasure(keys: Engine) -> None:
    record, vault = uuid4(), Vault(keys, MASTER)
    vault.destroy(record)
    with pytest.raises(KeyDestroyed):
        vault.create(record)


def test_another_process_forgets_a_destroyed_key_within_half_a_minute(keys: Engine) -> None:
    record, clock = uuid4(), Clock()
    Vault(keys, MASTER).create(record)
    other = Vault(keys, MASTER, clock=clock)
    assert other.key(record) is not None
    Vault(keys, MASTER).destroy(record)
    clock.now += CACHE_SECONDS - 1
    assert other.key(record) is not None
    clock.now += 1
    assert other.key(record) is None


def test_a_key_is_read_once_in_a_while_and_many_in_one_query(keys: Engine, queries: list[str]) -> None:
    records = [uuid4() for _ in range(20)]
    maker = Vault(keys, MASTER)
    for record in records:
        maker.create(record)
    queries.clear()
    vault = Vault(keys, MASTER)
    assert set(vault.keys([*records, uuid4()])) == set(records)
    assert vault.key(records[3]) is not None
    assert vault.create(records[4]) is not None
    assert len(queries) == 1


def test_the_table_holds_no_key_in_clear(keys: Engine) -> None:
    secret = bytes(range(100, 132))
    Vault(keys, MASTER, random=lambda n: secret[:n]).create(uuid4())
    with keys.connect() as connection:
        row = connection.execute(text("SELECT * FROM record_key")).one()
    assert secret not in row.wrapped
    assert MASTER not in row.wrapped


def test_a_key_that_was_moved_to_another_record_does_not_open(keys: Engine) -> None:
    one, two, vault = uuid4(), uuid4(), Vault(keys, MASTER)
    vault.create(one)
    vault.create(two)
    with keys.connect() as connection:
        connection.execute(
            text("UPDATE record_key SET wrapped = (SELECT wrapped FROM record_key WHERE record_id = :one)"
                 " WHERE record_id = :two"), {"one": one, "two": two},
        )  # fmt: skip
    with pytest.raises(Unopenable):
        Vault(keys, MASTER).key(two)


def test_another_master_key_is_told_apart(keys: Engine) -> None:
    record = uuid4()
    Vault(keys, MASTER).create(record)
    with pytest.raises(WrongMasterKey, match="CAIRN_MASTER_KEY"):
        Vault(keys, b"x" * 32).key(record)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE record_key SET wrapped = 'x', destroyed_at = NULL",
        "UPDATE record_key SET key_id = gen_random_uuid()",
        "DELETE FROM record_key",
        "TRUNCATE record_key",
        "DROP TABLE record_key",
        "ALTER TABLE record_key DISABLE TRIGGER ALL",
    ],
)
def test_no_tombstone_is_lifted(keys: Engine, statement: str) -> None:
    record = uuid4()
    Vault(keys, MASTER).destroy(record)
    with keys.connect() as connection, pytest.raises(DBAPIError):
        connection.execute(text(statement))
    with pytest.raises(KeyDestroyed):
        Vault(keys, MASTER).create(record)


def test_the_keyed_hash_is_the_same_for_the_same_and_for_no_other(keys: Engine) -> None:
    vault = Vault(keys, MASTER)
    assert vault.digest("sms", "+15035550142") == vault.digest("sms", "+15035550142")
    assert vault.digest("sms", "+15035550142") != vault.digest("sm", "s+15035550142")
    assert vault.digest("sms", "+15035550142") == Vault(keys, MASTER).digest("sms", "+15035550142")


def test_another_vaults_keyed_hash_is_another_even_under_the_same_master_key(
    keys: Engine, databases: Databases
) -> None:
    elsewhere = engine(databases.reminders_vault, autocommit=True)
    theirs = Vault(elsewhere, MASTER).digest("sms", "+15035550142")
    elsewhere.dispose()
    assert Vault(keys, MASTER).digest("sms", "+15035550142") != theirs


def test_neither_vault_nor_key_shows_its_secrets(keys: Engine) -> None:
    vault = Vault(keys, MASTER, random=lambda n: b"s" * n)
    assert "sss" not in repr(vault.create(uuid4()))
    assert "kkk" not in repr(vault)


def test_another_master_key_is_known_by_one_row(keys: Engine) -> None:
    another = Vault(keys, b"x" * 32)
    assert another.foreign() is None  # an empty vault is anybody's
    Vault(keys, MASTER).create(uuid4())
    assert Vault(keys, MASTER).foreign() is None
    assert "CAIRN_MASTER_KEY is not the key" in (another.foreign() or "")
