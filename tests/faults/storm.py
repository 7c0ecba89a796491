"""The storm: a crowd does its things while one process after another is killed, and then all is counted."""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import cycle

from infra.standin.script import Script
from tests.faults.crowd import Crowd
from tests.faults.dying import POINTS
from tests.faults.mortal import Servers
from tests.faults.reckoning import Reckoning, settled
from tests.faults.town import KINDS, Town, is_known

FOLLOWERS = ("reminders follow", "reminders follow 2")
TROUBLES = (
    [Script("429"), Script()],
    [Script("429", retry_after=2), Script("reset_after"), Script()],
    [Script("500"), Script()],
    [Script("500_after"), Script(callbacks="twice")],
    [Script("hang"), Script()],
    [Script("hang_after"), Script(callbacks="reversed")],
    [Script("reset"), Script()],
    [Script("reset_after", callbacks="none"), Script()],
    [Script(callbacks="none"), Script(delivery="30003")],
)
"""What the provider does with the first messages to a number; with those to most numbers it does well."""

LONGEST_WAIT = 5.0
"""Seconds, for somebody to come to the point of death."""

Say = Callable[[str], None]


@dataclass(frozen=True)
class Size:
    """How many come, what each does, how often somebody is killed, and by how many hands it is done."""

    clients: int
    texts: int
    kills: int
    servers: int
    """How many of the kills are of PostgreSQL or of Valkey."""
    points: bool = True
    """Whether some die where it hurts most, as well as at random."""
    hands: int = 6


@dataclass
class Storm:
    """One of them. `seed` makes the same choices again, though no two storms are quite alike."""

    town: Town
    servers: Servers
    size: Size
    seed: int
    say: Say
    killed: int = 0
    struck: int = 0
    """How many of them came to the point of death by themselves."""
    fallen: Counter[str] = field(default_factory=Counter)
    """Who has ended without being killed, and how often; each was started again."""
    broken: bool = False

    def run(self) -> Reckoning:
        """All of it; what is not settled when nothing moves any more is in the count."""
        crowd, dice = Crowd(self.town), random.Random(self.seed)  # noqa: S311  no secret, but the same again
        self.town.start(*KINDS, FOLLOWERS[1])
        crowd.open()
        with ThreadPoolExecutor(self.size.hands) as hands:
            lives = [hands.submit(self._live, crowd, *one) for one in enumerate(self._troubles(dice))]
            try:
                self._kill_all(self._fates(dice), lives)
            except BaseException:
                self.broken = True
                hands.shutdown(wait=False, cancel_futures=True)
                raise
        self.say("everybody is done; what is open is settled")
        return settled(self.town, crowd)

    def _kill_all(self, fates: Sequence[str], lives: Sequence[Future[None]]) -> None:
        """The kills are spread over the whole of it, and so are the lives over the kills."""
        for fate in fates:
            while self._done(lives) * len(fates) < self.killed * len(lives):
                time.sleep(0.05)
            self._kill(fate)
            if self.killed % 10 == 0:
                self.say(f"{self.killed} killed, {self._done(lives)} of {len(lives)} are done")
        said = 0
        while (done := self._done(lives)) < len(lives):
            if done >= said + len(lives) // 20:
                self.say(f"{self.killed} killed, {done} of {len(lives)} are done")
                said = done
            time.sleep(0.2)

    def _done(self, lives: Sequence[Future[None]]) -> int:
        """How many lives are; who has fallen meanwhile is started again, a life that failed fails all."""
        self.fallen.update(self.town.revive())
        done = [life for life in lives if life.done()]
        for life in done:
            life.result()
        return len(done)

    def _live(self, crowd: Crowd, number: int, trouble: list[Script]) -> None:
        while (number - 2 * self.size.hands) * self.size.kills > self.killed * self.size.clients:
            if self.broken:
                return
            time.sleep(0.05)
        client = crowd.comes()
        self.town.provider.scripts.set(client.number, trouble)
        crowd.wins(client)
        self.town.pulse.wait(
            lambda: is_known(self.town, client.client_id), f"{client.client_id} is not known", every=0.2
        )
        for _ in range(self.size.texts):
            crowd.texts(client)

    def _troubles(self, dice: random.Random) -> Iterator[list[Script]]:
        for number, trouble in zip(range(self.size.clients), cycle(TROUBLES), strict=False):
            yield list(trouble) if number % 2 or dice.random() < 0.2 else [Script()]

    def _fates(self, dice: random.Random) -> list[str]:
        """Who is killed, in which order: each point of death, each kind, each server, and again."""
        ours = self.size.kills - self.size.servers
        each = [*KINDS, *FOLLOWERS, *(POINTS if self.size.points else ())]
        fates = [fate for fate, _ in zip(cycle(each), range(ours), strict=False)]
        fates += [
            fate for fate, _ in zip(cycle(["postgres", "valkey"]), range(self.size.servers), strict=False)
        ]
        dice.shuffle(fates)
        return fates

    def _kill(self, fate: str) -> None:
        if fate == "postgres":
            self.servers.kill_postgres(self.town)
        elif fate == "valkey":
            self.servers.kill_valkey(self.town)
        else:
            kind = POINTS[fate].process if fate in POINTS else fate
            self.town.kill(kind)
            if fate in POINTS:
                self.town.start(kind, point=fate, ready=False)
                self.struck += self.town.processes[kind].dies(LONGEST_WAIT)
                self.town.kill(kind)
            self.town.start(kind, ready=False)
        self.killed += 1
