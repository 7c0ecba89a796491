"""Appending: gapless under many writers, decided on the record's version, all or nothing."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import UUID, uuid4

import msgspec
import pytest
from msgspec.structs import replace

from services.goals.log import feed
from services.goals.log.append import AddressMove, AddressTaken, NewEvent, RecordMoved, append
from services.goals.log.stored import StateRow
from services.goals.log.verify import verify
from services.goals.rules.refusal import NotThere, Refused
from shared.events import GoalDrafted, TeamSet
from shared.lanes import LANES, lane_of
from shared.vault import KeyDestroyed
from tests import controls as c
from tests.goals.log.writing import Log

WRITERS = 16
EACH = 12


def test_the_first_event_takes_the_first_position_of_the_records_lane(log: Log) -> None:
    client = log.begin()
    event = log.win(client, 1)
    assert (event.lane, event.position, event.record_version) == (lane_of(client), 2, 2)


def test_several_events_are_appended_as_one(log: Log) -> None:
    client = log.begin()
    two = log.append(client, 1, TeamSet(staff_ids=(c.THERAPIST,)), TeamSet(staff_ids=()))
    assert [(e.position, e.record_version, e.version) for e in two] == [(2, 2, 2), (3, 3, 3)]
    history = log.load(client)
    assert history is not None
    assert history.events[1:] == two


def test_sixteen_writers_leave_no_gap_and_a_follower_misses_nothing(log: Log) -> None:
    clients = [log.begin() for _ in range(WRITERS)]
    done = threading.Event()

    contested = log.begin()

    def write(client: UUID) -> None:
        for n in range(EACH):
            log.win(client, n + 1)
            win_somehow(contested)

    def win_somehow(client: UUID) -> None:
        while True:
            history = log.load(client)
            assert history is not None
            try:
                log.win(client, len(history.events))
            except RecordMoved:
                continue
            return

    def follow() -> list[tuple[int, int, str]]:
        seen: list[tuple[int, int, str]] = []
        after: dict[int, int] = {}
        while True:
            over = done.is_set()
            items, after = feed.page(
                log.engine, log.vault, lanes=range(LANES), after=after, limit=7, granted=False
            )
            for item in map(msgspec.json.decode, items):
                seen.append((item["lane"], int(item["sequence"]), item["id"]))
            if over and not items:
                return seen

    with ThreadPoolExecutor(WRITERS + 1) as threads:
        following = threads.submit(follow)
        list(threads.map(write, clients))
        done.set()
        seen = following.result()
    expected = WRITERS + 1 + 2 * WRITERS * EACH
    assert len(seen) == len({event_id for _, _, event_id in seen}) == expected
    for lane in {lane for lane, _, _ in seen}:
        positions = [position for at, position, _ in seen if at == lane]
        assert positions == list(range(1, len(positions) + 1))
    assert not [verdict for verdict in verify(log.engine) if verdict.fault]


def test_of_two_who_decided_on_one_version_one_is_told_that_it_moved(log: Log) -> None:
    client = log.begin()
    together = threading.Barrier(2)

    def write(_: int) -> RecordMoved | None:
        together.wait()
        try:
            log.win(client, 1)
        except RecordMoved as moved:
            return moved
        return None

    with ThreadPoolExecutor(2) as threads:
        outcomes = list(threads.map(write, range(2)))
    moved = [outcome for outcome in outcomes if outcome]
    assert [(m.expected, m.actual) for m in moved] == [(1, 2)]
    assert str(moved[0]) == "the record is at version 2, not 1"


def test_a_refused_append_gives_its_position_back(log: Log) -> None:
    client = log.begin()
    with pytest.raises(RecordMoved):
        log.win(client, 7)
    assert log.win(client, 1).position == 2


def test_recorded_at_never_goes_back_in_a_lane(log: Log) -> None:
    client = log.begin()
    log.tamper("UPDATE cairn.lane_head SET recorded_at = now() + interval '1 hour' WHERE position > 0")
    first, second = log.win(client, 1), log.win(client, 2)
    assert first.recorded_at == second.recorded_at > c.NOW + timedelta(minutes=59)


def test_what_is_appended_as_one_is_of_one_moment(log: Log) -> None:
    client = log.begin()
    two = log.append(client, 1, TeamSet(staff_ids=(c.THERAPIST,)), TeamSet(staff_ids=()))
    assert two[0].recorded_at == two[1].recorded_at
    assert log.win(client, 3).recorded_at > two[1].recorded_at


def test_one_event_and_several_are_chained_alike(log: Log) -> None:
    client = log.begin()
    row = StateRow(client, "client", 2, 2, b"{}")
    log.win(client, 1, current=[row])
    log.append(client, 2, TeamSet(staff_ids=(c.THERAPIST,)), TeamSet(staff_ids=()))
    log.append(client, 4, TeamSet(staff_ids=(c.THERAPIST,)))
    assert not [verdict for verdict in verify(log.engine) if verdict.fault]
    kept = log.all(
        "SELECT version, record_version FROM cairn.current WHERE stream_id = :client", client=client
    )
    assert [tuple(row) for row in kept] == [(2, 2)]


def test_a_record_begins_with_its_own_stream(log: Log) -> None:
    client, goal = uuid4(), uuid4()
    log.vault.create(client)
    with pytest.raises(NotThere):
        log.goal(client, 0, goal, 1, GoalDrafted())
    with pytest.raises(NotThere):
        log.win(client, 0, version=2)
    assert not log.all("SELECT FROM cairn.stream") + log.all("SELECT FROM cairn.event")


def test_several_events_are_none_when_the_last_is_refused(log: Log) -> None:
    client, hers = log.begin(), log.begin()
    mine = NewEvent(
        stream_id=client, stream_kind="client", version=2, event_id=uuid4(), time=c.NOW,
        data=TeamSet(staff_ids=()),
    )  # fmt: skip
    foreign = replace(mine, stream_id=hers, stream_kind="goal", data=GoalDrafted())
    with log.engine.connect() as connection, pytest.raises(NotThere):
        append(
            connection, log.vault, clinic_id=c.CLINIC, record_id=client, expected_version=1,
            events=[mine, foreign], actor=c.BY_CLIENT, correlation_id="a-test",
        )  # fmt: skip
    assert log.win(client, 1).position == 2


def test_a_record_of_another_clinic_is_not_there(log: Log) -> None:
    client = log.begin()
    with pytest.raises(RecordMoved):  # it reads as version 0, the rules then find nothing
        log.win(client, 1, clinic=c.OTHER_CLINIC)
    with pytest.raises(NotThere):
        log.win(client, 0, clinic=c.OTHER_CLINIC)
    with pytest.raises(NotThere):
        log.win(client, 0, clinic=c.OTHER_CLINIC, version=2)
    assert log.load(client, c.OTHER_CLINIC) is None


def test_a_stream_of_another_record_takes_no_event_of_ours(log: Log) -> None:
    client, hers, elsewhere = log.begin(), log.begin(), log.begin(c.OTHER_CLINIC)
    for stream, version, expected in [
        (hers, 2, NotThere), (elsewhere, 2, NotThere), (elsewhere, 1, NotThere), (hers, 1, Refused),
        (uuid4(), 2, NotThere),
    ]:  # fmt: skip
        with pytest.raises(expected) as refusal:
            log.goal(client, 1, stream, version, GoalDrafted())
        assert type(refusal.value) is expected
    assert len(log.all("SELECT FROM cairn.event")) == 3


def test_a_goal_begins_a_stream_of_its_own(log: Log) -> None:
    client, goal = log.begin(), uuid4()
    log.goal(client, 1, goal, 1, GoalDrafted(statement=c.STATEMENT))
    history = log.load(goal)
    assert history is not None
    assert (history.record_id, history.kind) == (client, "client")
    assert history.streams == {client: "client", goal: "goal"}


def test_a_goal_is_read_alone_with_what_is_hers_and_none_of_her_other_goals(log: Log) -> None:
    client, goal, other = log.begin(), uuid4(), uuid4()
    log.goal(client, 1, goal, 1, GoalDrafted(statement=c.STATEMENT))
    log.goal(client, 2, other, 1, GoalDrafted())
    log.win(client, 3)
    log.goal(client, 4, goal, 2, GoalDrafted())
    alone, hers = log.load(goal, alone=True), log.load(client, alone=True)
    assert alone is not None
    assert hers is not None
    assert [event.record_version for event in alone.events] == [1, 2, 4, 5]
    assert (alone.record_id, alone.kind) == (client, "client")
    assert [event.record_version for event in hers.events] == [1, 4]


def test_an_address_is_one_clients_until_it_is_free_again(log: Log) -> None:
    first, second = log.begin(), log.begin()
    taking = [AddressMove("sms", c.NUMBER, claim=True)]
    log.win(first, 1, addresses=taking)
    log.win(first, 2, addresses=taking)
    with pytest.raises(AddressTaken) as refusal:
        log.win(second, 1, addresses=taking)
    assert c.NUMBER not in refusal.value.detail
    history = log.load(second)
    assert history is not None
    assert len(history.events) == 1
    log.win(log.begin(c.OTHER_CLINIC), 1, clinic=c.OTHER_CLINIC, addresses=taking)
    log.win(second, 1, addresses=[AddressMove("sms", c.NUMBER, claim=False)])  # not hers to free
    with pytest.raises(AddressTaken):
        log.win(second, 2, addresses=taking)
    log.win(first, 3, addresses=[AddressMove("sms", c.NUMBER, claim=False)])
    log.win(second, 2, addresses=taking)


def test_an_address_in_other_letters_is_the_same(log: Log) -> None:
    log.win(log.begin(), 1, addresses=[AddressMove("email", c.ADDRESS, claim=True)])
    with pytest.raises(AddressTaken):
        log.win(log.begin(), 1, addresses=[AddressMove("email", f" {c.ADDRESS.upper()}", claim=True)])


def test_nothing_personal_is_written_for_who_is_erased(log: Log) -> None:
    client = log.begin()
    log.vault.destroy(client)
    with pytest.raises(KeyDestroyed):
        log.win(client, 1)
    log.append(client, 1, TeamSet(staff_ids=()))
