"""Appending many records at once makes sure of all that an append makes sure of, and writes all or none."""

from __future__ import annotations

import threading
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from services.goals.log.append_all import Growth, NotAppended, append_all, encode
from services.goals.log.stored import Meta, NewEvent, StateRow
from services.goals.log.verify import verify
from shared import arrays
from shared.events import ClientRegistered, Event, GoalDrafted, WinRecorded
from shared.lanes import lane_of
from shared.vault import KeyDestroyed
from tests import controls as c
from tests.goals.log.writing import Log

META = Meta(c.BY_THERAPIST, "a-test")
REGISTERED = ClientRegistered(locale="en", time_zone=c.ZONE, adult=True, name=c.NAME)


def event(stream: UUID, version: int, data: Event, kind: str = "client") -> tuple[NewEvent, Meta]:
    new = NewEvent(
        stream_id=stream, stream_kind=kind, version=version, event_id=uuid4(), time=c.NOW, data=data,  # type: ignore[arg-type]
    )  # fmt: skip
    return new, META


def win() -> WinRecorded:
    return WinRecorded(win_id=uuid4(), kind="other", on=c.TODAY, text=c.WIN)


def begun(client: UUID | None = None, wins: int = 2, claims: tuple[str, ...] = ()) -> Growth:
    """A client who begins, with her wins."""
    client = client or uuid4()
    events = [event(client, 1, REGISTERED), *(event(client, 2 + n, win()) for n in range(wins))]
    state = StateRow(client, "client", len(events), len(events), b"{}")
    return Growth(client, 0, events, [state], [("sms", number) for number in claims])


def write(log: Log, *growths: Growth, clinic: UUID = c.CLINIC) -> None:
    log.vault.create_all(growth.record_id for growth in growths)
    with log.engine.connect() as connection:
        append_all(connection, encode(log.vault, clinic, growths))


def count(log: Log) -> int:
    return int(log.all("SELECT count(*) FROM cairn.event")[0][0])


def must_verify(log: Log) -> None:
    assert [found.fault for found in verify(log.engine) if found.fault] == []


def test_many_records_are_written_chained_and_read_again(log: Log) -> None:
    there = log.begin()
    many = [begun(wins=n % 4) for n in range(300)]
    write(log, *many)
    write(
        log,
        *(
            Growth(g.record_id, len(g.events), [event(g.record_id, len(g.events) + 1, win())], [], [])
            for g in many
        ),
    )
    log.win(there, 1)
    must_verify(log)
    assert count(log) == 2 + sum(len(growth.events) + 1 for growth in many)
    history = log.load(many[3].record_id)
    assert history is not None
    assert [e.record_version for e in history.events] == [1, 2, 3, 4, 5]
    assert history.events[-1].data.text == c.WIN  # type: ignore[attr-defined]


def test_one_record_that_moved_and_none_is_written(log: Log) -> None:
    moved = log.begin()
    with pytest.raises(NotAppended) as no:
        write(log, begun(), Growth(moved, 0, [event(moved, 1, REGISTERED)], [], []), begun())
    assert no.value.why == "moved"
    assert count(log) == 1
    must_verify(log)


def test_a_record_of_another_clinic_is_not_grown_by_this_one(log: Log) -> None:
    hers = log.begin(clinic=c.OTHER_CLINIC)
    for growth in (
        Growth(hers, 1, [event(hers, 2, win())], [], []),
        Growth(hers, 0, [event(hers, 1, REGISTERED)], [], []),
        Growth(hers, 0, [event(hers, 2, win())], [], []),
    ):
        with pytest.raises(NotAppended):
            write(log, begun(), growth)
    assert count(log) == 1


def test_a_goal_is_its_records_alone(log: Log) -> None:
    one, other, goal = begun(), begun(), uuid4()
    write(log, one, other)
    write(log, Growth(one.record_id, 3, [event(goal, 1, GoalDrafted(statement=c.STATEMENT), "goal")], [], []))
    for version in (1, 2):
        stolen = event(goal, version, GoalDrafted(statement=c.STATEMENT), "goal")
        with pytest.raises(NotAppended) as no:
            write(log, Growth(other.record_id, 3, [stolen], [], []))
        assert no.value.why == "elsewhere"
    must_verify(log)


def test_a_number_is_one_records_and_nothing_is_written_of_the_other(log: Log) -> None:
    write(log, begun(claims=(c.NUMBER,)))
    before = count(log)
    with pytest.raises(NotAppended) as no:
        write(log, begun(), begun(claims=(c.NUMBER,)))
    assert no.value.why == "address"
    assert count(log) == before


def test_what_is_personal_lies_sealed(log: Log) -> None:
    write(log, begun(claims=(c.NUMBER,)))
    stored = "".join(map(repr, (value for table in ("event", "current", "address")
                                for row in log.all(f"SELECT * FROM cairn.{table}") for value in row)))  # noqa: S608  # fmt: skip
    assert "cairn.win.recorded.v1" in stored
    assert not any(words in stored for words in (c.NAME, c.WIN, c.NUMBER))


def test_nothing_is_sealed_for_a_record_that_was_erased(log: Log) -> None:
    gone = begun()
    log.vault.create(gone.record_id)
    log.vault.destroy(gone.record_id)
    with pytest.raises(KeyDestroyed):
        write(log, begun(), gone)
    assert count(log) == 0


def test_without_a_clinic_nothing_is_appended(log: Log) -> None:
    growth = begun()
    log.vault.create_all([growth.record_id])
    encoded = encode(log.vault, c.CLINIC, [growth])
    with log.engine.connect() as connection, pytest.raises((NotAppended, DBAPIError)):
        append_all(connection, (None, *encoded[1:]))  # type: ignore[arg-type]
    assert count(log) == 0


def test_the_events_of_a_record_stand_together_or_are_refused(log: Log) -> None:
    one, other = uuid4(), uuid4()
    log.vault.create_all([one, other])
    apart = list(encode(log.vault, c.CLINIC, [begun(one, wins=1), begun(other, wins=0)]))
    apart[1] = apart[3] = arrays.ids([one, other, one])
    apart[5] = arrays.numbers([1, 1, 2])
    cut_short = list(encode(log.vault, c.CLINIC, [begun(one, wins=1)]))
    cut_short[1] = arrays.ids([one])
    for wrong in (apart, cut_short):
        with log.engine.connect() as connection, pytest.raises(DBAPIError, match="stand together"):
            append_all(connection, tuple(wrong))
    assert count(log) == 0


def test_records_of_one_lane_are_chained_one_behind_the_other(log: Log) -> None:
    lane = lane_of(c.CLIENT)
    others = [client for client in (uuid4() for _ in range(3000)) if lane_of(client) == lane]
    log.begin(client=c.CLIENT)
    write(log, *(begun(client, wins=n) for n, client in enumerate(others)))
    must_verify(log)
    [[last]] = log.all(f"SELECT position FROM cairn.lane_head WHERE lane = {lane}")  # noqa: S608
    assert last == count(log)


def test_the_chain_is_the_appends_own(log: Log) -> None:
    row = (
        "lane, position, clinic_id, record_id, record_version, stream_id, version, event_id, type, schema,"
        " occurred_at, recorded_at, body, sealed, key_id, meta"
    )
    fields = (
        f"SELECT cairn.link('\\x00', {row}) = sha256('\\x00'::bytea || cairn.fields({row})) FROM cairn.event"  # noqa: S608
    )
    write(log, begun(), Growth(c.CLIENT, 0, [event(c.CLIENT, 1, REGISTERED)], [], []))
    assert {row[0] for row in log.all(fields)} == {True}


def test_writers_of_one_record_and_of_many_wait_for_each_other(log: Log) -> None:
    clients = [log.begin() for _ in range(40)]
    failed: list[Exception] = []

    def many() -> None:
        for _ in range(5):
            try:
                write(log, *(begun() for _ in range(60)))
            except Exception as error:  # noqa: BLE001
                failed.append(error)

    def one() -> None:
        try:
            for client in clients:
                log.win(client, 1)
        except Exception as error:  # noqa: BLE001
            failed.append(error)

    threads = [threading.Thread(target=work) for work in (many, many, one)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert count(log) == 40 * 2 + 2 * 5 * 60 * 3
    must_verify(log)


def test_the_service_may_call_it_and_nobody_may_change_it(log: Log) -> None:
    for statement in (
        "ALTER FUNCTION cairn.append_all OWNER TO cairn_goals",
        "ALTER FUNCTION cairn.append_all SECURITY INVOKER",
        "DROP FUNCTION cairn.append_all",
        "DROP AGGREGATE cairn.chained(bytea, bytea)",
        "ALTER FUNCTION cairn.chained_on SET search_path = public",
    ):
        with log.engine.connect() as connection, pytest.raises(DBAPIError):
            connection.execute(text(statement))
