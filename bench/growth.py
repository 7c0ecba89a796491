"""Row 12: what the same work costs in a log a hundred times as long, beside ten times the reminders."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import psycopg

from bench import as_of, idle, pgbench, wall
from bench.bulk import Importer
from bench.cluster import MASTER_KEY, TOKEN_KEY, Cluster
from bench.designs import statements
from bench.feed import a_second, pages
from bench.figures import Bars, Goal, Result, Table, percentile, ratios, with_spread
from bench.rounds import Progress, interleaved
from bench.stock import Stock, stocked
from infra.local.databases import plain
from services.goals.seals.folder import Folder
from services.goals.seals.sealing import seal
from shared.settings import Settings

SEAL_KEY = bytes(range(32))
APPEND, FEED, AS_OF, WALL, PUT = (
    "append, 16 connections",
    "the newest of the feed",
    "a goal as of a day",
    "the nine o'clock wall",
    "a win → the provider is called",
)
METHOD = (
    "Two clusters side by side on this machine's disk, taking turns: one with {little:,} events and "
    "{few:,} reminders, one with {much:,} and {many:,}, written by the import's append. *Append* is row 1 in "
    "the database; *the feed* reads the newest {newest:,} events page by page, unsealed, without HTTP; *as "
    "of a day* is row 7's goal of {goal:,} events, as it was known; *the wall* plans {due:,} due reminders "
    "in one process. Last, row 11: everything is started on each, followed up and sealed, and the median of "
    "{wins} wins taken from the PUT to the provider. A cost is the time of one."
)
LITTLE, MUCH = Stock(100_000, 100_000), Stock(10_000_000, 1_000_000)


@dataclass(frozen=True)
class Size:
    """The two stocks, rounds, how much of each kind of work is a turn, and how many wins (0: no row 11)."""

    little: Stock = LITTLE
    much: Stock = MUCH
    rounds: int = 5
    seconds: int = 2
    newest: int = 20_000
    goal: int = 1_000
    due: int = 10_000
    wins: int = 60


QUICK = Size(Stock(2_000, 60), Stock(4_000, 120), 1, 0, newest=512, goal=40, due=20, wins=0)


def growth(progress: Progress, size: Size | None = None) -> Result:
    """Row 12."""
    size = size or Size()
    with ExitStack() as both:
        logs = {
            _name(stock): both.enter_context(_grown(stock, size, progress))
            for stock in (size.little, size.much)
        }
        turns = {
            (what, name): turn for what in (APPEND, FEED, AS_OF, WALL) for name, log in logs.items()
            for turn in [log.turns[what]]
        }  # fmt: skip
        named = {f"{what}: {name}": turn for (what, name), turn in turns.items()}
        rates = interleaved(list(named), size.rounds, lambda turn: named[turn](), progress)
        took = {name: log.put_to_provider(size.wins, progress) for name, log in logs.items() if size.wins}
    costs = {what: {name: rates[f"{what}: {name}"] for name in logs} for what in (APPEND, FEED, AS_OF, WALL)}
    return _result(size, costs, took)


class _Grown:
    """A stock, and what is asked of it; each turn says how many a second."""

    def __init__(self, it: Cluster, importer: Importer, stock: Stock, size: Size, more: ExitStack) -> None:
        self._it = it
        self._importer = importer
        self._wall = wall.Wall(it, wall.Size(reminders=stock.reminders, due=size.due))
        more.callback(self._wall.close)
        two = more.enter_context(wall.planners(it))
        read = as_of.turns(*more.enter_context(as_of.connected(it)), as_of.Size(reads=40, events=size.goal))
        self.turns: dict[str, Callable[[], float]] = {
            APPEND: lambda: _appended(it, size.seconds),
            FEED: lambda: a_second(lambda: pages(importer, self._before(size.newest))),
            AS_OF: lambda: 1 / read(as_of.KNOWN),
            WALL: lambda: self._wall.planned_a_second(lambda: two.plan(1, self._wall.now)),
        }

    def put_to_provider(self, wins: int, progress: Progress) -> float:
        """Row 11's median, once all that there is was followed and sealed."""
        self._wall.over()
        self._follow_up()
        with tempfile.TemporaryDirectory(prefix="cairn-bench-") as seals:
            progress("the log is sealed")
            seal(self._importer.house.engine, Folder(Path(seals)), (SEAL_KEY,), datetime.now(UTC))
            asked = idle.Size(clients=wins, idle_seconds=1)
            return percentile(idle.sampled(progress, asked, self._settings(Path(seals))).took, 0.5)

    def _before(self, newest: int) -> dict[int, int]:
        """Positions behind which so many events lie, evenly over the lanes."""
        each = newest // 256
        return {lane: max(0, position - each) for lane, position in self._heads()}

    def _heads(self) -> list[tuple[int, int]]:
        with psycopg.connect(plain(self._it.admin)) as admin:
            return admin.execute("SELECT lane, position FROM cairn.lane_head").fetchall()

    def _follow_up(self) -> None:
        """As if the follower had been there all along: the clients of the stock are nobody to it."""
        with psycopg.connect(plain(self._it.reminders_admin)) as admin, admin.cursor() as cursor:
            cursor.executemany(
                "UPDATE checkpoint SET position = %s, applied_at = now() WHERE lane = %s",
                [(position, lane) for lane, position in self._heads()],
            )

    def _settings(self, seals: Path) -> Settings:
        there = self._it.places
        return replace(
            Settings.read({}),
            goals_database_url=there.goals,
            vault_database_url=there.vault,
            reminders_database_url=there.reminders,
            reminders_vault_database_url=there.reminders_vault,
            master_key=MASTER_KEY,
            token_key=TOKEN_KEY,
            seal_key=SEAL_KEY,
            seals=seals,
        )


@contextmanager
def _grown(stock: Stock, size: Size, progress: Progress) -> Iterator[_Grown]:
    with stocked(stock, progress) as (it, importer), ExitStack() as more:
        progress(f"{stock.reminders:,} reminders are written")
        yield _Grown(it, importer, stock, size, more)


def _name(stock: Stock) -> str:
    return f"{stock.events:,} events"


def _appended(it: Cluster, seconds: int) -> float:
    script = statements.append()
    runs = pgbench.runs(
        it.places.goals, script, connections=16, seconds=seconds, variables=statements.VARIABLES
    )
    return runs * statements.RECORDS


def _result(size: Size, costs: dict[str, dict[str, list[float]]], took: dict[str, float]) -> Result:
    little, much = _name(size.little), _name(size.much)
    goals = [
        Goal(what, ratios(found[little], found[much]), 1.3, "times", at_least=False)
        for what, found in costs.items()
    ]
    rows = [
        (what, *(with_spread([1 / rate for rate in found[name]], "ms") for name in (little, much)))
        for what, found in costs.items()
    ]
    if took:
        goals.append(Goal(PUT, (took[much] / took[little],), 1.3, "times", at_least=False))
        rows.append((PUT, *(with_spread([took[name]], "ms") for name in (little, much))))
    method = METHOD.format(
        little=size.little.events, few=size.little.reminders, much=size.much.events,
        many=size.much.reminders, newest=size.newest, goal=size.goal, due=size.due, wins=size.wins,
    )  # fmt: skip
    plot = Bars("cost beside the shorter log's", "times", {goal.what: list(goal.found) for goal in goals})
    return Result(
        "12. Growth", method, (Table(("one of", little, much), tuple(rows)),), tuple(goals), (plot,)
    )
