"""Rebuilding: what is kept becomes what the log adds up to, whatever became of it, while writes go on."""

# ruff: noqa: S608  (the tables are ours)
from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from uuid import UUID, uuid4

import msgspec
import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from services.goals.beats import Busy
from services.goals.log.stored import state_place
from services.goals.rebuilding import rebuild as rebuilding
from services.goals.rebuilding.rebuild import KeysMissing, Occupied, check, rebuild
from services.goals.rules.commands.client import SetContact
from services.goals.rules.commands.win import RecordWin
from shared.database import engine
from shared.vault import Vault
from tests import controls as c
from tests.conftest import Databases
from tests.goals.rebuilding.lived import CLINICS, ELSEWHERE, GOALS, MASTER_KEY, MAYA, NOOR, Lived

STRAY = c.named(77)
TAMPERED: dict[str, tuple[str, list[UUID]]] = {
    "a state is gone": ("DELETE FROM cairn.current WHERE stream_id = :goal", [c.GOAL]),
    "a state is another's": (
        """UPDATE cairn.current SET state = (SELECT state FROM cairn.current WHERE stream_id = :noor)
            WHERE stream_id = :maya""",
        [MAYA],
    ),
    "a state is no ciphertext": ("UPDATE cairn.current SET state = '' WHERE stream_id = :goal", [c.GOAL]),
    "a version is another": (
        "UPDATE cairn.current SET version = version + 1 WHERE stream_id = :maya",
        [MAYA],
    ),
    "it claims to be ahead": (
        "UPDATE cairn.current SET record_version = 999 WHERE stream_id = :maya",
        [MAYA],
    ),
    "it is behind": ("UPDATE cairn.current SET record_version = 1 WHERE stream_id = :goal", [c.GOAL]),
    "it is kept as of another kind": (
        "UPDATE cairn.current SET kind = 'goal' WHERE stream_id = :maya",
        [MAYA],
    ),
    "it is kept in another clinic": (
        f"UPDATE cairn.current SET clinic_id = '{c.OTHER_CLINIC}' WHERE stream_id = :maya",
        [MAYA, MAYA],
    ),
    "it is kept of another record": (
        "UPDATE cairn.current SET record_id = :noor WHERE stream_id = :goal",
        [c.GOAL, c.GOAL],
    ),
    "something is kept of nobody": (
        f"""INSERT INTO cairn.current
            SELECT '{STRAY}', '{STRAY}', clinic_id, kind, version, record_version, state
            FROM cairn.current WHERE stream_id = :maya""",
        [STRAY],
    ),
    "a clinic is gone": (f"DELETE FROM cairn.current WHERE stream_id = '{c.CLINIC}'", [c.CLINIC]),
    "a number is gone": ("DELETE FROM cairn.address WHERE record_id = :maya AND channel = 'sms'", [MAYA]),
    "a number is another's": (
        "UPDATE cairn.address SET record_id = :noor WHERE record_id = :maya AND channel = 'sms'",
        [NOOR, MAYA],
    ),
    "a number is nobody's": (
        f"INSERT INTO cairn.address VALUES ('{c.CLINIC}', 'sms', '\\xab', '{STRAY}')",
        [STRAY],
    ),
    "all is gone": (
        "TRUNCATE cairn.current, cairn.address",
        [*CLINICS, *GOALS.values(), c.CLINIC, c.OTHER_CLINIC],
    ),
}


@pytest.mark.parametrize("what", TAMPERED)
def test_whatever_became_of_it_is_found_and_put_right(lived: Lived, what: str) -> None:
    before, addresses = lived.read(), lived.addresses()
    statement, wrong = TAMPERED[what]
    known = {"maya": MAYA, "noor": NOOR, "goal": c.GOAL}
    lived.tamper(statement, **{name: value for name, value in known.items() if f":{name}" in statement})
    found = check(lived.log, lived.house.vault)
    assert sorted(found.named) == sorted(wrong)
    assert found.different == len(wrong)
    assert rebuild(lived.log, lived.house.vault).records >= 1
    assert (lived.read(), lived.addresses()) == (before, addresses)
    assert check(lived.log, lived.house.vault).different == 0
    assert lived.beside() == 0


def test_what_is_right_is_left_as_it_lies(lived: Lived) -> None:
    before = lived.kept()
    found = check(lived.log, lived.house.vault)
    assert (found.different, found.streams) == (0, 8)
    assert rebuild(lived.log, lived.house.vault) == (found.events, 0)
    assert lived.kept() == before


def test_a_check_changes_nothing_that_is_wrong(lived: Lived) -> None:
    lived.tamper("UPDATE cairn.current SET state = '' WHERE stream_id = :goal", goal=c.GOAL)
    before = lived.kept()
    assert check(lived.log, lived.house.vault).different == 1
    assert lived.kept() == before


@pytest.mark.parametrize(("lacks", "wrong"), [(["wins", "flags"], 0), (["milestones"], 1)])
def test_a_state_of_an_older_shape_is_as_good_as_it_reads(lived: Lived, lacks: list[str], wrong: int) -> None:
    key = lived.house.vault.create(MAYA)
    with lived.admin.begin() as connection:
        maya = {"maya": MAYA}
        row = connection.execute(
            text("SELECT version, state FROM cairn.current WHERE stream_id = :maya"), maya
        ).one()
        at = state_place(MAYA, row.version)
        older = msgspec.json.decode(key.open(row.state, at))
        assert {older.pop(name) is not None for name in lacks} == {True}
        sealed = key.seal(msgspec.json.encode(older), at)
        connection.execute(
            text("UPDATE cairn.current SET state = :state WHERE stream_id = :maya"), maya | {"state": sealed}
        )
    before = lived.kept()
    assert check(lived.log, lived.house.vault).different == wrong
    assert rebuild(lived.log, lived.house.vault).records == wrong
    assert (lived.kept() == before) == (not wrong)
    assert check(lived.log, lived.house.vault).different == 0


def test_of_who_is_erased_nothing_is_kept(lived: Lived) -> None:
    lived.house.vault.destroy(NOOR)
    assert set(check(lived.log, lived.house.vault).named) == {NOOR, GOALS[NOOR]}
    rebuild(lived.log, lived.house.vault)
    assert check(lived.log, lived.house.vault).different == 0
    assert [row for row in lived.kept() if NOOR in row] == []
    assert lived.read()[MAYA]


def test_what_is_written_behind_the_walk_is_not_lost(lived: Lived) -> None:
    lived.tamper("TRUNCATE cairn.current, cairn.address")
    wins: list[UUID] = []

    def write(_: int) -> None:
        if len(wins) < 4:
            wins.append(uuid4())
            for client in CLINICS:
                lived.ask(client, RecordWin(win_id=wins[-1], text=c.WIN))
            lived.ask(NOOR, SetContact(channel="sms", address=f"+1503555{len(wins):04}"))

    rebuild(lived.log, lived.house.vault, write)
    assert check(lived.log, lived.house.vault).different == 0
    for client in CLINICS:
        states = {stream: state for stream, _, _, state in lived.read()[client]}
        assert states[client].wins >= len(wins) == 4


def test_writers_go_on_all_the_while(lived: Lived) -> None:
    lived.tamper("UPDATE cairn.current SET state = ''")
    done: list[UUID] = []
    over = threading.Event()

    def write(client: UUID) -> None:
        while not over.is_set():
            with suppress(Busy):
                lived.ask(client, RecordWin(win_id=uuid4(), text=c.WIN))
                done.append(client)
            time.sleep(0.01)

    with ThreadPoolExecutor() as writers:
        writing = [writers.submit(write, client) for client in (*CLINICS, MAYA)]
        for _ in range(3):
            before = len(done)
            rebuild(lived.log, lived.house.vault)
            assert len(done) > before
        over.set()
        for writer in writing:
            writer.result()
    assert check(lived.log, lived.house.vault).different == 0
    for client in (MAYA, ELSEWHERE):
        states = {stream: state for stream, _, _, state in lived.read()[client]}
        assert states[client].wins == done.count(client) + (client == ELSEWHERE)


def test_one_rebuild_runs_at_a_time(lived: Lived) -> None:
    refused: list[str] = []

    def again(_: int) -> None:
        with pytest.raises(Occupied) as error:
            rebuild(lived.log, lived.house.vault)
        refused.append(str(error.value))

    rebuild(lived.log, lived.house.vault, again)
    assert set(refused) == {"Another rebuild is running."}
    rebuild(lived.log, lived.house.vault)


def test_where_writers_leave_no_moment_nothing_is_changed(
    lived: Lived, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rebuilding, "LOCK_TRIES", 2)
    monkeypatch.setattr(rebuilding, "PAUSE_SECONDS", 0.0)
    lived.tamper("UPDATE cairn.current SET state = ''")
    before = lived.kept()
    with lived.admin.begin() as connection:
        connection.execute(text("LOCK TABLE cairn.address IN ROW EXCLUSIVE MODE"))
        with pytest.raises(Occupied, match="no moment"):
            rebuild(lived.log, lived.house.vault)
    assert lived.kept() == before


def test_another_vault_is_told_from_one_whose_keys_are_destroyed(lived: Lived, databases: Databases) -> None:
    before = lived.kept()
    other = engine(databases.reminders_vault, autocommit=True)
    for judge in (check, rebuild):
        with pytest.raises(KeysMissing):
            judge(lived.log, Vault(other, MASTER_KEY))
    other.dispose()
    assert lived.kept() == before


def test_what_lies_beside_is_each_clinics_own(lived: Lived) -> None:
    lived.tamper(
        "INSERT INTO cairn.rebuilt_record VALUES (:clinic, :record)", clinic=c.OTHER_CLINIC, record=ELSEWHERE
    )
    with lived.log.begin() as connection:
        connection.execute(text(f"SELECT set_config('cairn.clinic', '{c.CLINIC}', true)"))
        assert connection.execute(text("SELECT count(*) FROM cairn.rebuilt_record")).scalar_one() == 0


@pytest.mark.parametrize("table", ["current", "address"])
def test_who_compares_sees_all_clinics_and_can_change_nothing(lived: Lived, table: str) -> None:
    def as_feed(statement: str) -> int:
        with lived.log.begin() as connection:
            connection.execute(text("SET LOCAL ROLE cairn_feed"))
            return connection.execute(text(statement)).rowcount

    assert as_feed(f"SELECT * FROM cairn.{table}") == sum(
        len(row) == (8 if table == "current" else 5) for row in lived.kept()
    )
    for statement in (
        f"DELETE FROM cairn.{table}",
        f"UPDATE cairn.{table} SET record_id = record_id",
        f"INSERT INTO cairn.{table} SELECT * FROM cairn.{table}",
        f"TRUNCATE cairn.{table}",
        "DELETE FROM cairn.rebuilt_record",
    ):
        with pytest.raises(ProgrammingError, match="permission denied"):
            as_feed(statement)
