"""A partition goes to another tablespace, while its clients' records are written and read."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from click.testing import CliRunner
from sqlalchemy import text

from services.goals.commands import goals
from services.goals.log.moving import NotMoved, move
from services.goals.log.verify import verify
from shared.database import engine
from shared.lanes import lane_of
from shared.settings import Settings
from tests.conftest import Databases
from tests.goals.log.writing import Log

NUMBER = 3
WHERE = text(
    "SELECT coalesce(spcname, 'pg_default') FROM pg_class one LEFT JOIN pg_tablespace ON reltablespace ="
    " pg_tablespace.oid WHERE one.oid = to_regclass(:name)"
)
LEAF = f"cairn.event_{NUMBER:02}"
INDEXES = text(
    "SELECT DISTINCT coalesce(spcname, 'pg_default') FROM pg_index JOIN pg_class one ON one.oid = indexrelid"
    " LEFT JOIN pg_tablespace ON reltablespace = pg_tablespace.oid WHERE indrelid = to_regclass(:name)"
)


@pytest.fixture(scope="module")
def elsewhere(cluster: str, ground: Path) -> Iterator[str]:
    """A tablespace, whose folder is the server's own."""
    folder = ground / "another-disk"
    folder.mkdir()
    owner = (ground / "postgres" / "data").stat()
    os.chown(folder, owner.st_uid, owner.st_gid)
    admin = engine(cluster, autocommit=True)
    with admin.connect() as connection:
        connection.exec_driver_sql(f"CREATE TABLESPACE another_disk LOCATION '{folder}'")
    yield "another_disk"
    admin.dispose()


@pytest.fixture
def lanes(log: Log) -> set[int]:
    """Those of the partition."""
    asked = text(
        "SELECT lane FROM generate_series(0, 255) AS lane"  # noqa: S608  our own number
        f" WHERE satisfies_hash_partition('cairn.event'::regclass, 16, {NUMBER}, lane::smallint)"
    )
    with log.admin.connect() as connection:
        return set(connection.scalars(asked))


def of_the_partition(lanes: set[int]) -> UUID:
    return next(client for client in iter(uuid4, None) if lane_of(client) in lanes)


def place(log: Log, name: str) -> object:
    with log.admin.connect() as connection:
        return connection.scalar(WHERE, {"name": name})


def events(log: Log) -> int:
    verdicts = list(verify(log.engine))
    assert not [one.fault for one in verdicts if one.fault]
    return sum(one.events for one in verdicts)


def test_everything_goes_on_and_nothing_is_lost(log: Log, lanes: set[int], elsewhere: str) -> None:
    clients = [of_the_partition(lanes) for _ in range(4)]
    for client in clients:
        log.begin(client=client)
    over, moved = threading.Event(), threading.Event()

    def write(client: UUID) -> int:
        version = 1
        while not over.is_set():
            log.win(client, version)
            version += 1
        return version

    def copied(_: int) -> None:
        moved.wait(0.02)  # so that they write between any two of its steps

    with ThreadPoolExecutor(len(clients)) as writers:
        written = [writers.submit(write, client) for client in clients]
        move(log.admin, NUMBER, elsewhere, copied)
        over.set()
        versions = [one.result() for one in written]

    assert min(versions) > 2, "they wrote meanwhile"
    assert events(log) == sum(versions)
    assert place(log, LEAF) == elsewhere
    with log.admin.connect() as connection:
        assert list(connection.scalars(INDEXES, {"name": LEAF})) == [elsewhere]
    log.win(clients[0], versions[0])


def test_killed_it_goes_on_where_it_was(log: Log, lanes: set[int], elsewhere: str) -> None:
    client = of_the_partition(lanes)
    log.begin(client=client)

    def killed(rows: int) -> None:
        if rows:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        move(log.admin, NUMBER, elsewhere, killed)
    log.win(client, 1)
    assert place(log, LEAF) == "pg_default"

    seen: list[int] = []
    move(log.admin, NUMBER, elsewhere, seen.append)

    assert sum(seen) == 1, "the first event was copied already"
    assert events(log) == 2
    assert place(log, LEAF) == elsewhere


def test_it_is_guarded_as_before(log: Log, lanes: set[int], elsewhere: str) -> None:
    log.begin(client=of_the_partition(lanes))
    move(log.admin, NUMBER, elsewhere, lambda _: None)
    guards = text(
        "SELECT relrowsecurity, relforcerowsecurity, pg_get_userbyid(relowner), relacl, array(SELECT tgname"
        " FROM pg_trigger WHERE tgrelid = one.oid), array(SELECT pg_get_constraintdef(oid) FROM pg_constraint"
        " WHERE conrelid = one.oid ORDER BY 1) FROM pg_class one WHERE one.oid = to_regclass(:name)"
    )
    with log.admin.connect() as connection:
        now, other = (connection.execute(guards, {"name": f"cairn.event_{n:02}"}).one() for n in (NUMBER, 4))
    assert now == other


def test_what_cannot_be_is_said_and_nothing_is_changed(log: Log) -> None:
    with pytest.raises(NotMoved, match="no such tablespace"):
        move(log.admin, NUMBER, "nowhere", lambda _: None)
    assert place(log, f"{LEAF}_moving") is None


@pytest.mark.parametrize("where", ["pg_default", "another_disk"])
def test_who_sees_not_all_rows_moves_none(
    log: Log, databases: Databases, lanes: set[int], elsewhere: str, where: str
) -> None:
    log.begin(client=of_the_partition(lanes))
    owner = engine(databases.goals_owner, pool_size=1)
    with pytest.raises(NotMoved, match="superuser"):
        move(owner, NUMBER, where, lambda _: None)
    owner.dispose()
    assert place(log, f"{LEAF}_moving") is None
    assert events(log) == 1


def test_a_copy_that_ends_before_the_heads_takes_no_place(log: Log, lanes: set[int], elsewhere: str) -> None:
    client = of_the_partition(lanes)
    log.begin(client=client)
    log.win(client, 1)
    cut = text(
        f"SET LOCAL session_replication_role = replica; DELETE FROM {LEAF} WHERE position = 2"  # noqa: S608  our own name
    )
    with log.admin.begin() as connection:
        connection.execute(cut)
    with pytest.raises(NotMoved, match="1 lanes does not end"):
        move(log.admin, NUMBER, elsewhere, lambda _: None)
    assert place(log, LEAF) == "pg_default"


def test_what_it_was_is_dropped_before_it_moves_again(log: Log, lanes: set[int], elsewhere: str) -> None:
    log.begin(client=of_the_partition(lanes))
    move(log.admin, NUMBER, elsewhere, lambda _: None)
    with pytest.raises(NotMoved, match=f"{LEAF}_before is still there"):
        move(log.admin, NUMBER, "pg_default", lambda _: None)
    assert place(log, f"{LEAF}_moving") is None
    with log.admin.begin() as connection:
        connection.exec_driver_sql(f"DROP TABLE {LEAF}_before")
    move(log.admin, NUMBER, "pg_default", lambda _: None)
    assert place(log, LEAF) == "pg_default"
    assert events(log) == 1


def test_half_copied_it_goes_to_no_other_place(log: Log, lanes: set[int], elsewhere: str) -> None:
    log.begin(client=of_the_partition(lanes))

    def killed(rows: int) -> None:
        if rows:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        move(log.admin, NUMBER, elsewhere, killed)
    with pytest.raises(NotMoved, match="half copied"):
        move(log.admin, NUMBER, "pg_default", lambda _: None)
    move(log.admin, NUMBER, elsewhere, lambda _: None)
    assert place(log, LEAF) == elsewhere


def test_the_command_says_what_is_left_to_do(
    log: Log, databases: Databases, lanes: set[int], elsewhere: str
) -> None:
    log.begin(client=of_the_partition(lanes))
    given = ["move-partition", str(NUMBER), "--tablespace", elsewhere, "--as", databases.goals_admin]
    done = CliRunner().invoke(goals, given, obj=Settings.read({}))
    assert done.exit_code == 0, done.output
    assert f"{LEAF}_before: drop it" in done.output
    with log.admin.connect() as connection:
        connection.exec_driver_sql(f"DROP TABLE {LEAF}_before")
        connection.commit()
    assert events(log) == 1
