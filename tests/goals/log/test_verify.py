"""What somebody changed behind the triggers, and where `verify` says so."""

# ruff: noqa: S608  (the tables are ours)
from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from services.goals.commands import goals
from services.goals.log.soundness import Fault
from services.goals.log.verify import verify
from shared.lanes import lane_of
from shared.settings import Settings
from tests import controls as c
from tests.conftest import Databases
from tests.goals.log.writing import Log

LANE = lane_of(c.CLIENT)
OF_LANE = f"lane = {LANE} AND position"


@pytest.fixture
def written(log: Log) -> Log:
    """Five events of one client, alone in her lane, and another client's two."""
    log.begin(client=c.CLIENT)
    for version in range(1, 5):
        log.win(c.CLIENT, version)
    other = log.begin(client=c.GOAL)
    log.win(other, 1)
    return log


def fault_of(log: Log) -> Fault:
    both = (LANE, lane_of(c.GOAL))
    faults = [verdict.fault for verdict in verify(log.engine, lanes=both) if verdict.fault]
    assert len(faults) == 1
    return faults[0]


def test_an_untouched_log_is_sound(written: Log) -> None:
    verdicts = [verdict for verdict in verify(written.engine) if verdict.events or verdict.fault]
    assert {(v.lane, v.events, v.fault) for v in verdicts} == {(LANE, 5, None), (lane_of(c.GOAL), 2, None)}


ONE_BYTE = {
    "body": "set_byte(body, 3, get_byte(body, 3) # 1)",
    "sealed": "set_byte(sealed, 20, get_byte(sealed, 20) # 1)",
    "meta": "set_byte(meta, 5, get_byte(meta, 5) # 1)",
    "hash": "set_byte(hash, 0, get_byte(hash, 0) # 1)",
    "type": "'cairn.win.recorded.v2'",
    "schema": "2",
    "occurred_at": "occurred_at + interval '1 microsecond'",
    "recorded_at": "recorded_at + interval '1 microsecond'",
    "event_id": "gen_random_uuid()",
    "stream_id": "gen_random_uuid()",
    "key_id": "NULL",
    "clinic_id": "gen_random_uuid()",
    "version": "version + 1",
    "record_version": "record_version + 10",
}


@pytest.mark.parametrize("column", ONE_BYTE)
def test_a_changed_byte_is_found(written: Log, column: str) -> None:
    written.tamper(f"UPDATE cairn.event SET {column} = {ONE_BYTE[column]} WHERE {OF_LANE} = 3")
    assert fault_of(written) == Fault(LANE, 3, "is not what its hash was made of")


def test_a_hash_made_anew_is_found_at_the_next_event(written: Log) -> None:
    written.tamper(
        f"UPDATE cairn.event e SET body = '{{}}', hash = cairn.link(p.hash, e.lane, e.position, e.clinic_id,"
        " e.record_id, e.record_version, e.stream_id, e.version, e.event_id, e.type, e.schema, e.occurred_at,"
        " e.recorded_at, '{}', e.sealed, e.key_id, e.meta) FROM cairn.event p"
        f" WHERE e.{OF_LANE.replace('position', 'e.position')} = 3 AND p.lane = e.lane AND p.position = 2"
    )
    assert fault_of(written) == Fault(LANE, 4, "is not what its hash was made of")


def test_a_removed_row_is_found(written: Log) -> None:
    written.tamper(f"DELETE FROM cairn.event WHERE {OF_LANE} = 2")
    assert fault_of(written) == Fault(LANE, 2, "is missing: the next is 3")


def test_swapped_rows_are_found(written: Log) -> None:
    written.tamper(
        f"UPDATE cairn.event SET position = -position WHERE {OF_LANE} IN (2, 3)",
        f"UPDATE cairn.event SET position = 5 + position WHERE {OF_LANE} IN (-2, -3)",
    )
    assert fault_of(written) == Fault(LANE, 2, "is not what its hash was made of")


def test_a_cut_tail_is_found(written: Log) -> None:
    written.tamper(f"DELETE FROM cairn.event WHERE {OF_LANE} > 3")
    assert fault_of(written) == Fault(LANE, 4, "is missing: the head is at 5")


def test_a_lane_that_was_emptied_is_found(written: Log) -> None:
    written.tamper(f"DELETE FROM cairn.event WHERE lane = {LANE}")
    assert fault_of(written) == Fault(LANE, 1, "is missing: the head is at 5")


@pytest.mark.parametrize(
    ("edit", "position", "why"),
    [
        ("position = 4", 5, "is beyond the head, which is at 4"),
        ("position = 6", 6, "is missing: the head is at 6"),
        ("hash = sha256(hash)", 5, "is not what the head's hash was made of"),
        (
            "recorded_at = recorded_at + interval '1 second'",
            5,
            "was recorded at another time than the head says",
        ),
    ],
)
def test_an_edited_head_is_found(written: Log, edit: str, position: int, why: str) -> None:
    written.tamper(f"UPDATE cairn.lane_head SET {edit} WHERE lane = {LANE}")
    assert fault_of(written) == Fault(LANE, position, why)


def test_a_removed_head_is_found(written: Log) -> None:
    written.tamper(f"DELETE FROM cairn.lane_head WHERE lane = {LANE}")
    assert fault_of(written).why == "has no head"


@pytest.mark.parametrize(
    ("statement", "why"),
    [
        ("DELETE FROM cairn.stream", "is of a stream that the table of streams does not know"),
        (
            "UPDATE cairn.stream SET clinic_id = gen_random_uuid()",
            "is of a stream that the table of streams places elsewhere",
        ),
    ],
)
def test_a_stream_that_was_hidden_is_found(written: Log, statement: str, why: str) -> None:
    written.tamper(f"{statement} WHERE stream_id = '{c.CLIENT}'")
    assert fault_of(written) == Fault(LANE, 1, why)


def test_a_destroyed_key_leaves_the_chain_whole(written: Log) -> None:
    written.vault.destroy(c.CLIENT)
    assert not [verdict for verdict in verify(written.engine) if verdict.fault]
    history = written.load(c.CLIENT)
    assert history is not None
    assert [getattr(event.data, "text", None) for event in history.events] == [None] * 5
    assert history.events[0].data.name is None  # type: ignore[attr-defined]


def run_verify(url: str) -> tuple[int, list[str]]:
    settings = Settings(goals_database_url=url, seals=Path("nowhere"))
    done = CliRunner().invoke(goals, ["verify"], obj=settings)
    return done.exit_code, done.stdout.splitlines()


def test_the_command_says_a_line_for_each_lane_and_the_verdict(written: Log, databases: Databases) -> None:
    lines = [
        f"lane {lane}: {events} events, sound" for lane, events in sorted([(LANE, 5), (lane_of(c.GOAL), 2)])
    ]
    verdict = "The log is as it was written: 7 events, every chain whole."
    none = "There is no seal: that the end was cut off, heads and all, would not show."
    assert run_verify(databases.goals) == (0, [*lines, none, verdict])


def test_the_command_names_the_first_bad_position_and_exits_1(written: Log, databases: Databases) -> None:
    written.tamper(f"UPDATE cairn.event SET body = 'x' WHERE {OF_LANE} = 3")
    code, lines = run_verify(databases.goals)
    assert code == 1
    assert f"lane {LANE}: event 3 is not what its hash was made of" in lines
    assert lines[-1] == "The log is not as it was written: 1 of 256 lanes are not sound."
