"""Writing what was judged: each client whole or not at all, some of them in one round trip."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from threading import Lock
from uuid import UUID

from services.goals.beats import House, written
from services.goals.importing.asked import Person
from services.goals.importing.bad import Bad
from services.goals.importing.checking import TAKEN, Told, claims_of, in_parts, judge_some
from services.goals.importing.judging import ERASED, Judged
from services.goals.importing.people import Place
from services.goals.importing.whole import Whole
from services.goals.log.append_all import Encoded, Growth, NotAppended, append_all, encode
from services.goals.log.stored import Meta
from services.goals.rules.client import Client
from services.goals.rules.goal import Goal
from shared.clinic import Clinic
from shared.lanes import lane_of
from shared.vault import KeyDestroyed

TRIES = 10
"""How often a record is judged anew because somebody else wrote to it meanwhile."""
WHY = {
    "moved": "Others are writing to her record; import again.",
    "elsewhere": "The id of this client, or of a goal of hers, is taken by another record.",
    "address": TAKEN,
}


SENDERS = 2
"""Connections that write at the same time, each to lanes of its own: none waits for another's locks."""

Part = tuple[Sequence[Person | Whole], Sequence[Judged]]
"""Some clients, and what was made of each."""
Growing = list[tuple[Person | Whole, Judged]]
"""Some clients of whom there is something to write."""


@dataclass
class Done:
    """How many clients grew, how many were so already, how many were left out, and how many events came."""

    written: int = 0
    there: int = 0
    left_out: int = 0
    events: int = 0


def write(
    house: House, place: Place, people: Iterable[Person | Whole], told: Told, correlation_id: str
) -> Done:
    """Writes what is not there yet, and tells of each client who is left out, for something is bad by now."""
    with house.engine.connect() as connection:
        parts = ((some, judge_some(connection, house, place, some)) for some in in_parts(people))
        return write_judged(house, place, parts, told, correlation_id)


def write_judged(house: House, place: Place, parts: Iterable[Part], told: Told, correlation_id: str) -> Done:
    """Writes what was judged, some clients at a time: while some are sent, the next are judged and sealed."""
    writing = _Writing(house, place, told, correlation_id)
    with ExitStack() as running:
        threads = [running.enter_context(ThreadPoolExecutor(1)) for _ in range(SENDERS)]
        senders = [_Sender(thread, writing.send) for thread in threads]
        for people, judged in parts:
            growing = writing.growing(people, judged)
            for number, sender in enumerate(senders):
                hers = [one for one in growing if lane_of(one[0].client_id) % SENDERS == number]
                sender.take(hers, writing.encoded([one for _, one in hers]))
        for sender in senders:
            sender.wait()
    return writing.done


class _Sender:
    """Sends by a thread of its own; takes the next only when the last was sent."""

    def __init__(self, thread: ThreadPoolExecutor, send: Callable[[Growing, Encoded | None], None]) -> None:
        self._thread = thread
        self._send = send
        self._sending: Future[None] | None = None

    def take(self, growing: Growing, encoded: Encoded | None) -> None:
        self.wait()
        self._sending = self._thread.submit(self._send, growing, encoded)

    def wait(self) -> None:
        if self._sending is not None:
            self._sending.result()


class _Writing:
    def __init__(self, house: House, place: Place, told: Told, correlation_id: str) -> None:
        self._house = house
        self._place = place
        self._told = told
        self._correlation_id = correlation_id
        self._counting = Lock()
        self.done = Done()

    def growing(self, people: Sequence[Person | Whole], judged: Sequence[Judged]) -> Growing:
        """Those who grow, with keys; of the others it is said or counted why not."""
        for one in judged:
            self._say(one)
        growing = [(person, one) for person, one in zip(people, judged, strict=True) if one.made]
        self._house.vault.create_all(person.client_id for person, _ in growing)
        return growing

    def encoded(self, judged: Sequence[Judged]) -> Encoded | None:
        """What is to be sent of them: None where one of them can get no key any more."""
        try:
            return self._encoded(judged)
        except KeyDestroyed:
            return None

    def send(self, growing: Growing, encoded: Encoded | None) -> None:
        """Writes some clients together; where one of them hinders it, each by herself."""
        if not growing:
            return
        try:
            if encoded is None:
                raise KeyDestroyed
            self._append(encoded, [one for _, one in growing])
        except (NotAppended, KeyDestroyed):
            for person, one in growing:
                self._write_alone(person, one)

    def _write_alone(self, person: Person | Whole, judged: Judged) -> None:
        why = WHY["moved"]
        for _ in range(TRIES):
            try:
                self._append(self._encoded([judged]), [judged])
            except KeyDestroyed:
                why = ERASED
            except NotAppended as no:
                why = WHY[no.why]
                if no.why == "moved":
                    with self._house.engine.connect() as connection:
                        [judged] = judge_some(connection, self._house, self._place, [person])
                    self._say(judged)
                    if judged.made:
                        continue
                    return
            else:
                return
            break
        self._leave_out(Bad(person.line, None, why))

    def _say(self, judged: Judged) -> None:
        with self._counting:
            if judged.bad:
                self.done.left_out += 1
                for bad in judged.bad:
                    self._told(bad)
            elif not judged.made:
                self.done.there += 1

    def _leave_out(self, bad: Bad) -> None:
        with self._counting:
            self.done.left_out += 1
            self._told(bad)

    def _encoded(self, judged: Sequence[Judged]) -> Encoded:
        growths = [growth_of(one, self._correlation_id) for one in judged]
        return encode(self._house.vault, self._place.clinic.clinic_id, growths)

    def _append(self, encoded: Encoded, judged: Sequence[Judged]) -> None:
        with self._house.engine.connect() as connection:
            append_all(connection, encoded)
        with self._counting:
            self.done.written += len(judged)
            self.done.events += sum(len(one.made) for one in judged)


def growth_of(judged: Judged, correlation_id: str) -> Growth:
    """What a record grows by, once it was judged."""
    before, after = judged.before, judged.after
    made = [proposed for proposed, _ in judged.made]
    states: dict[UUID, Client | Goal | Clinic] = {after.client_id: after.known_client(), **after.goals}
    events, rows = written(before.version, before.versions, made, states)
    metas = [Meta(actor, correlation_id, proposed.causation_id) for proposed, actor in judged.made]
    return Growth(
        before.client_id, before.version, tuple(zip(events, metas, strict=True)), rows, claims_of(judged)
    )
