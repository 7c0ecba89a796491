"""A service in virtual time: its ledger in memory, its provider, the other house, and faults by the dice."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID, uuid5

from sqlalchemy.exc import DBAPIError, OperationalError

from services.reminders.channels import Heard, Letter
from services.reminders.following import apply
from services.reminders.ringer import ringer
from services.reminders.sending.deliver import deliverer
from shared.events import ClientErased, ClinicSet, Event
from shared.goals_client import GoalsAway
from shared.lanes import lane_of
from tests.simulation import town
from tests.simulation.dice import Dice
from tests.simulation.her import Her
from tests.simulation.keys import Keys
from tests.simulation.ledger import claiming, ending, hearing, knowing, planning, settling
from tests.simulation.ledger.memory import Memory, NotHeld, Point
from tests.simulation.ledger.tables import Tables
from tests.simulation.links import Links
from tests.simulation.other_house import OtherHouse
from tests.simulation.promises import Promises
from tests.simulation.provider import Killed, Provider
from tests.simulation.stage import Bell

MODELLED = (claiming, ending, hearing, knowing, planning, settling)
"""Imported so that the statements have their models."""
SKEWS = (-240, -30, -1, 1, 30, 240)
"""By so many seconds the clocks of two machines may differ."""


class Step(NamedTuple):
    """Something that happens, what of it is chosen, and what happens in the middle of it."""

    name: str
    salt: int
    during: tuple[Step, ...] = ()


class Broken(AssertionError):
    """A promise does not hold."""


class World:
    """Everybody, and everything that may happen to them: `do` does a step, and raises Broken."""

    def __init__(
        self, dice: Dice, engine_of: Callable[[Tables], Any] = Memory, *, plain: bool = False
    ) -> None:
        self.now = self.began = dice.one(town.BEGINNINGS)
        self.skew = timedelta(0)
        self.dice = dice
        self.tables = Tables()
        self.engine = engine_of(self.tables)
        self.keys: Any = Keys()
        self.bell = Bell()
        self.links: Any = Links()
        self.promises = Promises(self.tables)
        self.provider = Provider(self.clock)
        self.house = OtherHouse(self.clock)
        self.poison: set[str] = set()
        self.applied: dict[int, int] = defaultdict(int)
        """How far of each lane the promises have heard."""
        self.aside: dict[UUID, list[tuple[int, int, Event]]] = defaultdict(list)
        self.texts: list[Heard] = []
        """What she has written."""
        self.numbers = 0
        self.fresh: list[UUID] = []
        self.told: list[tuple[datetime, int, list[str]]] = []
        """What was done: when, within how much else, and what came of it."""
        self.done = 0
        self.plain = plain
        """Whether nobody changes her mind: then more is said, and so more can be too much."""
        self.clients = town.live_in(dice)
        self.ring = ringer(self.engine, self.bell)  # type: ignore[arg-type]
        self._fuse = 0
        self._ends: type[BaseException] = Killed
        self._during: list[Step] = []
        self._depth = 0
        self._stand_up()
        self._move_in(dice)

    def clock(self) -> datetime:
        """Now, by the clock of whoever asks."""
        return self.now + self.skew

    def name(self) -> UUID:
        """An id that was not given before."""
        self.numbers += 1
        made = uuid5(town.NAMES, str(self.numbers))
        self.fresh.append(made)
        return made

    def do(self, step: Step, does: Callable[[World, Dice], None]) -> None:
        """Something happens, and every promise is looked at. Raises Broken."""
        dice = Dice(step.salt)
        before = (self.dice, self.skew, self._fuse, self._ends, self._during, self.bell.away)
        self.dice = self.provider.dice = self.house.dice = dice
        self._begin(dice, step)
        self.done += 1
        self._depth += 1
        self.told.append((self.now, self._depth - 1, [step.name]))
        try:
            does(self, dice)
        except Killed:
            self.note("dies")
        except (DBAPIError, GoalsAway) as error:
            self.note(type(error).__name__)
        except (Broken, NotHeld):
            raise
        except Exception as error:
            raise Broken(f"nobody foresaw it: {type(error).__name__}: {error}") from error
        finally:
            self.dice, self.skew, self._fuse, self._ends, self._during, self.bell.away = before
            self.provider.dice = self.house.dice = self.dice
            self._depth -= 1
        if self.promises.broken:
            raise Broken(self.promises.broken[0])

    def works_at(self, message_id: UUID, channel: Any, queue: Any) -> object:
        """A worker takes a message up; gives what it came to."""
        try:
            return self.deliver(message_id, channel, queue)
        except BaseException:
            self.promises.clear.discard(message_id)
            raise

    def note(self, what: str) -> None:
        """Adds to the line of the trace."""
        self.told[-1][2].append(what)

    def trace(self) -> list[str]:
        """What was done, a line each."""
        return [f"{at:%a %d %b %H:%M:%S}  {'. ' * depth}{': '.join(what)}" for at, depth, what in self.told]

    def hears_of(self, lane: int) -> None:
        """The promises hear what the service has applied of a lane by now."""
        position = self.tables.checkpoint.rows[lane].position
        for place in range(self.applied[lane], position):
            item, event, _ = self.house.feed[lane][place]
            record = UUID(item["partitionkey"])
            if self.tables.parked_event.get((lane, place + 1)) is not None:
                self.aside[record].append((lane, place + 1, event))
            else:
                self._tell_promises(record, event)
        self.applied[lane] = position

    def takes_up(self, record: UUID) -> None:
        """And what it took up again of a record that was set aside."""
        waiting, self.aside[record] = self.aside[record], []
        for lane, position, event in waiting:
            if self.tables.parked_event.get((lane, position)) is not None:
                self.aside[record].append((lane, position, event))
            else:
                self._tell_promises(record, event)

    def lanes(self) -> list[int]:
        """The lanes that have more than was applied."""
        return [
            lane
            for lane, events in self.house.feed.items()
            if len(events) > self.tables.checkpoint.rows[lane].position
        ]

    def follow(self) -> None:
        """All of the feed is applied, and heard of."""
        for lane in self.lanes():
            begin = self.tables.checkpoint.rows[lane].position
            items = [item for item, _, _ in self.house.feed[lane][begin:]]
            apply.apply(self.engine, self.keys, self.ring, items, self.clock())
            self.hears_of(lane)

    def quiet(self) -> None:
        """From here on all goes well."""
        self.provider.well = self.house.well = True
        self.poison.clear()

    @property
    def calm(self) -> bool:
        """Whether nothing goes wrong any more."""
        return self.provider.well

    def _begin(self, dice: Dice, step: Step) -> None:
        self._during = list(step.during)
        self.skew, self._fuse = timedelta(0), 0
        if self.calm:
            return
        if dice.chance(6):
            self.skew = timedelta(seconds=dice.one(SKEWS))
        if dice.chance(10):
            self._fuse = 1 + dice.below(16)
            self._ends = OperationalError if dice.chance(30) else Killed
        self.bell.away = dice.chance(4)

    def at(self, _: Point) -> None:
        """A point at which a process may end, or its database go away."""
        if self._fuse:
            self._fuse -= 1
            if not self._fuse:
                raise OperationalError("", {}, Exception()) if self._ends is OperationalError else Killed

    def _meanwhile(self) -> None:
        from tests.simulation.happening import HAPPENS  # noqa: PLC0415  they do things to a world

        during, self._during = self._during, []
        for step in during:
            self.do(step, HAPPENS[step.name].does)

    def _stand_up(self) -> None:
        self.provider.meanwhile = self.house.meanwhile = self._meanwhile
        self.provider.sees = self._sees
        self.provider.may_have = self.promises.took
        self.provider.answers = self.promises.clear.add
        self.engine.at = self.at
        self.engine.done = self._done
        send = self.provider.send
        self.deliver = deliverer(
            self.engine, self.keys, {"sms": send, "email": send}, {}, self.clock, self.links
        )

    def _done(self) -> None:
        self.promises.committed()
        self.tables.keep()

    def _sees(self, letter: Letter) -> None:
        self.promises.sees(letter, self.clock())

    def _move_in(self, dice: Dice) -> None:
        for client in self.clients:
            for event in town.clinic(client):
                self.house.append(client.clinic_id, client.clinic_id, event, town.WEB)
            for hers in (self.house.hers, self.promises.hers):
                hers[client.client_id] = Her(client.zone, ("", ""), client.quiet)
            self.house.goals[client.goal_id] = client.client_id
            for stream, event in client.begins(dice, plain=self.plain):
                self.house.append(client.client_id, client.clinic_id, event, town.WEB, stream=stream)

    def _tell_promises(self, record: UUID, event: Event) -> None:
        for client in self.clients:
            hers = self.promises.hers[client.client_id]
            about_her = record == client.client_id
            of_clinic = record == client.clinic_id and isinstance(event, ClinicSet)
            if (about_her or of_clinic) and (not hers.erased or isinstance(event, ClientErased)):
                hers.hears(event)

    def lane(self, record: UUID) -> int:
        """A record's lane."""
        return lane_of(record)
