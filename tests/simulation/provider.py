"""A provider in virtual time: it takes, refuses, falls silent, tells of it late, and keeps its own count."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID, uuid5

from services.reminders.channels import BUSY, OPTED_OUT, Answer, Letter
from services.reminders.channels.sms import Known, ProviderAway, Told
from tests.simulation.dice import Dice

FATES = (
    *["taken"] * 62, *["taken, answer lost"] * 8, *["lost on the way"] * 4, *["busy"] * 8,
    *["unreachable"] * 5, *["refused"] * 3, *["refuses us"] * 3, "no such number", "opted out",
    *["breaks"] * 2, *["dies before"] * 2, *["dies after"] * 2,
)  # fmt: skip
"""What becomes of a hand-over, and how often."""
LATEST = 6 * 3600
"""Seconds until it has told of a message."""


class Killed(BaseException):
    """The process dies here, and nothing of it goes on."""


class Provider:
    """Sends nothing to anybody. `sees` is told of each hand-over, and between it and its end others go on."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self.dice = Dice(0)
        """Of the step that is under way."""
        self.sees: Callable[[Letter], None] = lambda _: None
        self.meanwhile: Callable[[], None] = lambda: None
        self.may_have: Callable[[UUID], None] = lambda _: None
        """Told of each message that it took, or that may have reached it."""
        self.answers: Callable[[UUID], None] = lambda _: None
        """Told of each message of which it says what became of it."""
        self.taken: Counter[UUID] = Counter()
        """How often it took each message: its own count."""
        self.known: dict[str, Known] = {}
        self.of: dict[str, UUID] = {}
        """Which message each of its ids was made for."""
        self.untold: list[tuple[datetime, UUID, Told]] = []
        """What it will tell of, and when."""
        self.told: list[tuple[UUID, Told]] = []
        """What it has told of, and may tell again."""
        self.well = False
        """In the end it answers as it should."""

    def send(self, letter: Letter) -> Answer:
        """Takes a message, or not, and answers, or not."""
        dice = self.dice
        fate = "taken" if self.well else dice.one(FATES)
        early = dice.chance(50)
        self.sees(letter)
        if early:
            self.meanwhile()
        answer = self._handed(letter, fate)
        if not early:
            self.meanwhile()
        if fate in {"dies before", "dies after"}:
            raise Killed
        if fate == "breaks":
            raise RuntimeError("nobody foresaw this")
        if answer.verdict in {"sent", "permanent"}:
            self.answers(letter.message_id)
        return answer

    def fetch(self, provider_id: str) -> Known | None:
        """The message of this id. Raises ProviderAway."""
        self._answers()
        return self.known.get(provider_id)

    def sent_to(self, number: str, since: datetime) -> list[Known]:
        """What it was given for a number since then, newest first; the last of it may be missing still."""
        self._answers()
        lag = timedelta(0) if self.well or self.dice.chance(70) else timedelta(seconds=30)
        until = self._clock() - lag
        found = [one for one in self.known.values() if one.to == number and since <= one.accepted_at <= until]
        return sorted(found, key=lambda one: one.accepted_at, reverse=True)

    def redact(self, provider_id: str) -> bool:
        """Empties a message's words."""
        if not self.well and self.dice.chance(20):
            return False
        if (one := self.known.get(provider_id)) is not None:
            self.known[provider_id] = Known(one.provider_id, one.to, "", one.accepted_at, one.answer)
        return True

    def tell(self) -> tuple[UUID, Told] | None:
        """The next thing that it has to tell by now, in whatever order; some of it never comes."""
        now = self._clock()
        due = [place for place, one in enumerate(self.untold) if one[0] <= now]
        if not due:
            return None
        _, message_id, told = self.untold.pop(self.dice.one(due))
        self.told.append((message_id, told))
        return None if self.dice.chance(12) else (message_id, told)

    def _handed(self, letter: Letter, fate: str) -> Answer:
        if fate not in {"busy", "unreachable", "refuses us", "refused", "no such number", "opted out"}:
            self.may_have(letter.message_id)
        match fate:
            case "busy":
                return Answer("retry", BUSY, after=timedelta(seconds=self.dice.below(90)))
            case "unreachable":
                return Answer("retry", "unreachable_provider")
            case "refuses us":
                return Answer("retry", "provider_refuses_us")
            case "refused":
                return Answer("permanent", "refused_30007")
            case "no such number":
                return Answer("permanent", "no_such_number")
            case "opted out":
                return Answer("permanent", OPTED_OUT)
            case "lost on the way" | "dies before":
                return Answer("ambiguous", "connection_lost")
            case _:
                taken = self._takes(letter)
                return Answer("ambiguous", "timeout") if fate == "taken, answer lost" else taken

    def _takes(self, letter: Letter) -> Answer:
        self.taken[letter.message_id] += 1
        if letter.channel == "email":
            return Answer("sent")
        sid = f"SM{uuid5(letter.message_id, str(self.taken[letter.message_id])).hex}"
        self.of[sid] = letter.message_id
        went = Answer("sent", None, sid)
        fails = self.dice.chance(6)
        last = "undelivered" if fails else "delivered"
        became = Answer("permanent", "unreachable", sid) if fails else Answer("delivered", None, sid)
        self.known[sid] = Known(sid, letter.to, letter.text, self._clock(), became)
        for status, answer in (("sent", went), (last, became)):
            at = self._clock() + timedelta(seconds=self.dice.below(LATEST))
            self.untold.append((at, letter.message_id, Told(sid, status, letter.to, answer)))
        return went

    def _answers(self) -> None:
        self.meanwhile()
        if not self.well and self.dice.chance(12):
            raise ProviderAway("HTTP 503")
