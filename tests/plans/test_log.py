"""What the goals service asks for costs as much in a full log as in an empty one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from hashlib import md5
from uuid import UUID, uuid4

from services.goals import access, current, lately
from services.goals.access import Look
from services.goals.beats import House
from services.goals.erasing import worklist
from services.goals.log import feed, heads, read
from services.goals.rules.commands.client import RegisterClient
from services.goals.rules.commands.win import RecordWin
from shared.lanes import LANES
from tests import controls as c
from tests.goals.asking import ANA, ask
from tests.plans.watching import Plans

CLIENTS = [UUID(md5(f"r{n}".encode(), usedforsecurity=False).hexdigest()) for n in range(1, 101)]
"""Clients of the clinic's whom the log was filled with: a page of them."""
FULL = CLIENTS[7]


def registers_and_wins(house: House) -> None:
    client = uuid4()
    ask(house, client, RegisterClient(name=c.NAME, locale="en", time_zone=c.ZONE, adult=True))
    ask(house, client, RecordWin(win_id=uuid4(), kind="showed_up", on=c.TODAY, text=c.WIN))


def follows_from_the_start(house: House) -> None:
    follows(house, 0)


def follows_further_on(house: House) -> None:
    follows(house, 150)


def follows(house: House, after: int) -> None:
    with house.engine.connect() as connection:
        reached = {lane: min(after, head) for lane, head in enumerate(heads.positions(connection))}
    for limit in (10, 1000):
        feed.page(house.engine, house.vault, lanes=range(LANES), after=reached, limit=limit, granted=True)


def reads(house: House) -> None:
    with house.engine.connect() as connection:
        found = read.load(connection, house.vault, c.CLINIC, FULL)
        assert found is not None
        assert len(found.events) == 30
        current.get(connection, house.vault, c.CLINIC, FULL)
        current.rows_of(connection, house.vault, c.CLINIC, FULL)
        current.record_of_goal(connection, c.CLINIC, FULL)
        read.positions(connection, c.CLINIC, FULL)
        lately.wins_of(connection, house.vault, c.CLINIC, FULL)


def lists_clients(house: House) -> None:
    with house.engine.connect() as connection:
        _, after = current.list_clients(connection, house.vault, c.CLINIC, limit=20)
        assert after is not None
        current.list_clients(connection, house.vault, c.CLINIC, after=after, limit=20)
        lately.goals_of(connection, house.vault, c.CLINIC, CLIENTS)
        found = lately.entries_of(connection, c.CLINIC, CLIENTS, c.NOW - timedelta(days=14))
        assert {len(entries) for entries in found.values()} == {29}
        assert len(found) == len(CLIENTS)


def looks(house: House) -> None:
    with house.engine.connect() as connection:
        access.note(
            connection,
            house.vault,
            c.CLINIC,
            [FULL],
            Look(who=ANA, operation="client", correlation_id="c"),
            uuid4,
        )
        _, before = access.page(connection, house.vault, c.CLINIC, FULL, before=None, limit=10)
        access.page(connection, house.vault, c.CLINIC, FULL, before=before, limit=10)


def carries_erasures_out(house: House) -> None:
    worklist.note(house.engine)
    worklist.take(house.engine, c.NOW, timedelta(days=7))
    worklist.counts(house.engine)


DOES: tuple[Callable[[House], None], ...] = (
    registers_and_wins,
    follows_from_the_start,
    follows_further_on,
    reads,
    lists_clients,
    looks,
    carries_erasures_out,
)


def test_nothing_is_read_whole_and_nothing_sorted_that_grows(goals: tuple[House, Plans]) -> None:
    house, plans = goals
    assert plans.faults_of(house, DOES) == {}
