"""A course of things from a seed, the shortest one in which a promise still breaks, and both as text."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from zlib import crc32

from tests.simulation.dice import Dice
from tests.simulation.endings import must_have_ended
from tests.simulation.happening import HAPPENS
from tests.simulation.ledger.memory import Memory
from tests.simulation.ledger.tables import Tables
from tests.simulation.processes import release
from tests.simulation.stage import stage
from tests.simulation.world import Broken, Step, World

LENGTH = 400
"""Steps until everything is left to come to its end."""
NAMES = [*HAPPENS]
OFTEN = [one.often for one in HAPPENS.values()]
PLAINLY = [one.plainly for one in HAPPENS.values()]
PATIENCE = (*[60] * 3, *[900] * 3, *[3600] * 6, *[21_600] * 8, *[86_400] * 5)
"""Seconds after which what is under way is looked after once more."""
LOOKED_AFTER = (
    "the_log_is_told", "it_is_swept", "the_provider_is_asked", "a_key_is_destroyed",
)  # fmt: skip


@dataclass(frozen=True)
class Failure:
    """A promise that broke: which, where, and the shortest way there."""

    seed: str
    what: str
    steps: tuple[Step, ...]
    trace: tuple[str, ...]

    def __str__(self) -> str:
        lines = "\n".join(f"  {line}" for line in self.trace)
        return (
            f"{self.what}, by the seed {self.seed}. The shortest way there, {len(self.steps)} steps and what "
            f"follows by itself:\n{lines}\n"
            f"Again: .venv/bin/python -m tests.simulation --replay {self.seed}"
        )


def steps_of(seed: str, length: int = LENGTH) -> tuple[Step, ...]:
    """The course of this seed."""
    dice = random.Random(seed)  # noqa: S311  no secret, but the same again
    often = PLAINLY if is_plain(seed) else OFTEN
    return tuple(_step(dice, often, 2) for _ in range(length))


def is_plain(seed: str) -> bool:
    """Whether nobody changes her mind in this one."""
    return crc32(seed.encode()) % 3 == 0


def _step(dice: random.Random, often: Sequence[int], depth: int) -> Step:
    [name] = dice.choices(NAMES, often)
    during: tuple[Step, ...] = ()
    if depth and HAPPENS[name].is_open and dice.random() < 0.3:
        during = tuple(_step(dice, often, depth - 1) for _ in range(dice.choice((1, 1, 2, 3))))
    return Step(name, dice.getrandbits(62), during)


def play(
    seed: str,
    steps: Sequence[Step],
    engine_of: Callable[[Tables], Any] = Memory,
    after: Callable[[World], None] | None = None,
) -> World:
    """Does them, and lets everything come to its end. Raises Broken, with the world."""
    world = World(Dice(random.Random(seed).getrandbits(62)), engine_of, plain=is_plain(seed))  # noqa: S311
    with stage(lambda: world.poison, world.name):
        try:
            world.follow()
            for step in steps:
                world.do(step, HAPPENS[step.name].does)
                if after is not None:
                    after(world)
            _settle(world, after)
        except Broken as broken:
            broken.world = world  # type: ignore[attr-defined]
            raise
    return world


def failure_of(seed: str, steps: Sequence[Step]) -> Failure | None:
    """What breaks in this course, by the shortest way; None where all holds."""
    broken = _broken(seed, steps)
    if broken is None:
        return None
    what = str(broken)
    shortest = _shortest(seed, list(steps), what)
    last = _broken(seed, shortest)
    assert last is not None
    return Failure(seed, what, tuple(shortest), tuple(last.world.trace()))  # type: ignore[attr-defined]


def _settle(world: World, after: Callable[[World], None] | None) -> None:
    """All goes well from here on, and time passes: everything is to come to its end."""
    world.quiet()
    calm_since = world.now
    world.do(Step("sending_goes_on", 0), lambda here, _: release(here))
    world.do(Step("it_is_put_right", 0), HAPPENS["it_is_put_right"].does)
    for number, seconds in enumerate(PATIENCE):
        world.now += timedelta(seconds=seconds)
        world.follow()
        for name in LOOKED_AFTER:
            for _ in range(_rounds(world, name)):
                world.do(Step(name, number), HAPPENS[name].does)
        while world.bell.heard:
            world.do(Step("the_bell_is_answered", number), HAPPENS["the_bell_is_answered"].does)
        while any(one[0] <= world.now for one in world.provider.untold):
            world.do(Step("the_provider_tells", number), HAPPENS["the_provider_tells"].does)
        if after is not None:
            after(world)
    must_have_ended(world, calm_since)
    if world.promises.broken:
        raise Broken(world.promises.broken[0])


def _rounds(world: World, name: str) -> int:
    match name:
        case "the_log_is_told":
            return sum(one.state == "waiting" for one in world.tables.outgoing.rows.values())
        case _:
            return 1


def _broken(seed: str, steps: Sequence[Step]) -> Broken | None:
    try:
        play(seed, steps)
    except Broken as broken:
        return broken
    return None


def _shortest(seed: str, steps: list[Step], what: str) -> list[Step]:
    """Takes steps away, many at once and then one by one, as long as the same still breaks."""

    def breaks(fewer: list[Step]) -> bool:
        return str(_broken(seed, fewer)) == what

    size = len(steps) // 2
    while size:
        place = 0
        while place < len(steps):
            fewer = steps[:place] + steps[place + size :]
            if breaks(fewer):
                steps = fewer
            else:
                place += size
        size //= 2
    return _without_what_is_within(steps, breaks)


def _without_what_is_within(steps: list[Step], breaks: Callable[[list[Step]], bool]) -> list[Step]:
    for place, step in enumerate(steps):
        if step.during:
            fewer = [*steps]
            fewer[place] = step._replace(during=())
            if breaks(fewer):
                steps = fewer
    return steps
