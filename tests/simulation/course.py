"""Many episodes, one after the other, until so many steps were done: what came of them, counted."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from itertools import count

from tests.simulation.episode import Failure, failure_of, play, steps_of
from tests.simulation.world import Broken, World


@dataclass
class Tally:
    """What was done, and what came of it; `failure` is the first promise that broke."""

    steps: int = 0
    episodes: int = 0
    days: float = 0.0
    """That passed in them, all together."""
    handed: int = 0
    """To the provider, taken or not."""
    died: int = 0
    states: Counter[str] = field(default_factory=Counter)
    causes: Counter[str] = field(default_factory=Counter)
    failure: Failure | None = None

    def add(self, other: Tally) -> None:
        """All of it together."""
        self.steps += other.steps
        self.episodes += other.episodes
        self.days += other.days
        self.handed += other.handed
        self.died += other.died
        self.states += other.states
        self.causes += other.causes
        self.failure = self.failure or other.failure


def course(seed: str, steps: int) -> Tally:
    """Episodes of this seed until so many steps are done, or a promise breaks."""
    tally = Tally()
    for number in count():
        if tally.steps >= steps:
            break
        name = f"{seed}:{number}"
        try:
            _counted(tally, play(name, steps_of(name)))
        except Broken:
            tally.failure = failure_of(name, steps_of(name))
            break
    return tally


def piece(asked: tuple[str, int]) -> Tally:
    """The same, for a process of a pool."""
    return course(*asked)


def _counted(tally: Tally, world: World) -> None:
    tally.steps += world.done
    tally.episodes += 1
    tally.days += (world.now - world.began).total_seconds() / 86_400
    tally.handed += world.promises.handed
    tally.died += sum("dies" in what or "OperationalError" in what for _, _, what in world.told)
    for row in world.tables.message.rows.values():
        tally.states[row.state] += 1
        if row.cause is not None:
            tally.causes[row.cause] += 1
