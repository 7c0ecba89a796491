"""What must hold whatever happens, written down again from what is promised: looked at after every step."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from services.reminders.channels import Letter
from tests.simulation.her import Her
from tests.simulation.ledger.rows import Message, Occasion
from tests.simulation.ledger.tables import Tables

RISES = {
    "planned": {"planned", "sending", "sent", "delivered", "failed", "suppressed", "expired", "unknown"},
    "sending": {"planned", "sent", "delivered", "failed", "unknown"},
    "unknown": {"sent", "delivered", "failed"},
    "sent": {"delivered", "failed"},
    "delivered": set[str](),
    "failed": set[str](),
    "suppressed": set[str](),
    "expired": set[str](),
}
"""What each state may become; what surely did not go, and it alone, is planned again."""


class Said(NamedTuple):
    """An occasion that was said to her, or may have been."""

    at: datetime
    occasion: Occasion
    message_id: UUID
    channel: str


class Address(NamedTuple):
    """Where somebody may say STOP: to a clinic, on a channel, from an address."""

    clinic_id: UUID | None
    channel: str
    address: str


class Promises:
    """Watches a ledger and its provider. What is broken is kept in `broken`: an error would be taken for the
    channel's own.
    """

    def __init__(self, tables: Tables) -> None:
        self._tables = tables
        self.hers: dict[UUID, Her] = {}
        """Each client as far as the service has been told of her."""
        self.stopped: dict[Address, datetime] = {}
        """Who wants nothing more, and since when."""
        self.silent_until: dict[UUID, datetime] = {}
        """After a phrase of despair."""
        self.rests_until: dict[UUID, datetime] = {}
        """Because she said so."""
        self.dangers: dict[UUID, UUID | None] = {}
        """The signpost that each such text is to be answered with, and whose it was."""
        self.may_have: set[UUID] = set()
        """Messages that the provider took, or may have taken."""
        self.clear: set[UUID] = set()
        """Messages whose worker was told what became of them, and lived to write it down."""
        self.said: dict[UUID, list[Said]] = defaultdict(list)
        self._handed_at: dict[UUID, datetime] = {}
        self.broken: list[str] = []
        self.handed = 0

    def stops(self, address: Address, now: datetime) -> None:
        """She said STOP, or said so again."""
        self.stopped[address] = max(now, self.stopped.get(address, now))

    def sees(self, letter: Letter, now: datetime) -> None:
        """A letter is handed over, now."""
        self.handed += 1
        self.clear.discard(letter.message_id)
        self._handed_at[letter.message_id] = now
        message = self._tables.message.rows[letter.message_id]
        direct = self._tables.direct.get(letter.message_id)
        if direct is not None:
            self.breaks(self._direct(message, direct, letter, now))
            return
        assert message.client_id is not None
        occasions = self._occasions(letter.message_id)
        her = self.hers[message.client_id]
        self.breaks(self._said_well(message, occasions, letter, now))
        self.breaks(self._may_be_told(message, her, occasions, letter, now))
        self.breaks(self._is_enough(message, her, occasions, now))

    def took(self, message_id: UUID) -> None:
        """The provider has it, or may have it: what was said, was said as it was handed over."""
        now = self._handed_at[message_id]
        self.may_have.add(message_id)
        message = self._tables.message.rows[message_id]
        if not message.direct and message.client_id is not None:
            for one in self._occasions(message_id):
                self.said[message.client_id].append(Said(now, one, message_id, message.channel))

    def committed(self) -> None:
        """A transaction was: states have only risen."""
        moved = self._tables.message.moved
        for old, new in moved:
            if old is not None and new is not None and new.state not in RISES[old.state]:
                if old.state == "failed" and old.aside is not None:
                    continue
                self.broken.append(f"a message that was {old.state} is {new.state}")
            ended_unsaid = new is not None and new.state in {"suppressed", "expired"}
            if (
                new is not None
                and ended_unsaid
                and new.message_id in self.may_have
                and not self._is_signpost(new)
            ):
                self.broken.append(f"a message that may have gone is {new.state}")
        moved.clear()

    def _direct(self, message: Message, direct: Any, letter: Letter, now: datetime) -> dict[str, bool]:
        to = Address(message.clinic_id, letter.channel, letter.to)
        hers = message.client_id is not None and direct.kind in {"reply", "acknowledgement", "signpost"}
        her = self.hers.get(message.client_id) if message.client_id else None
        return {
            f"a {direct.kind} handed over twice": direct.kind != "signpost"
            and letter.message_id in self.may_have,
            f"a {direct.kind} after her STOP": hers and to in self.stopped and not direct.despite_opt_out,
            f"a {direct.kind} while sending is held": direct.kind not in {"signpost", "flag"}
            and self._tables.hold.rows[True].held_at is not None,
            f"a {direct.kind} that came too late": now >= direct.expires_at,
            f"a {direct.kind} to who was erased": her is not None and her.erased,
        }

    def _said_well(
        self, message: Message, occasions: list[Occasion], letter: Letter, now: datetime
    ) -> dict[str, bool]:
        assert message.client_id is not None
        earlier = {
            (one.occasion.key, one.channel)
            for one in self.said[message.client_id]
            if one.message_id != message.message_id
        }
        return {
            "handed over twice": letter.message_id in self.may_have,
            "an occasion said twice": any((one.key, message.channel) in earlier for one in occasions),
            "a message that says nothing": not occasions or not letter.text,
            "said while sending is held": self._tables.hold.rows[True].held_at is not None,
            "said after its time": any(now >= one.expires_at for one in occasions),
            "said before its time": any(now < one.due_at for one in occasions),
            "said while her record is set aside": self._tables.parked_record.get(message.client_id)
            is not None,
        }

    def _may_be_told(
        self, message: Message, her: Her, occasions: list[Occasion], letter: Letter, now: datetime
    ) -> dict[str, bool]:
        client = message.client_id
        assert client is not None
        welcome = all(one.kind == "welcome" for one in occasions)
        return {
            "said to who was erased": her.erased,
            "said after her care": her.care_ended,
            "said while she rests": her.rests(now) or self._holds(self.rests_until, client, now),
            "said after a word of despair": self._holds(self.silent_until, client, now),
            "said after her STOP": Address(message.clinic_id, letter.channel, letter.to) in self.stopped,
            "said without her consent": not her.agrees(letter.channel, letter.to, to_a_welcome=welcome),
            "said in her quiet hours": her.is_quiet(now),
        }

    def _is_enough(
        self, message: Message, her: Her, occasions: list[Occasion], now: datetime
    ) -> dict[str, bool]:
        assert message.client_id is not None
        said = [
            one
            for one in self.said[message.client_id]
            if self._tables.message.rows[one.message_id].state != "failed"
        ]
        first: dict[str, tuple[datetime, Occasion]] = {}
        for one in sorted(said, key=lambda each: each.at):
            first.setdefault(one.occasion.key, (one.at, one.occasion))
        more = [one for one in occasions if one.key not in first]
        today, week = her.day(now), her.day(now).isocalendar()[:2]
        before = [_Counted(her.day(at), *_counts_as(her, at, one)) for at, one in first.values()]
        new = [_Counted(today, *_counts_as(her, now, one)) for one in more]
        day = {one.what for one in before if one.day == today}
        hers = {one.what for one in before if one.day.isocalendar()[:2] == week and not one.by_her}
        more_today = {one.what for one in new} - day
        more_this_week = {one.what for one in new if not one.by_her} - hers
        parties = {one.key for one in occasions if one.kind == "celebration"}
        had = [one for one in said if one.occasion.kind == "celebration" and her.day(one.at) == today]
        again = any(one.channel == message.channel for one in had)
        other = bool(had) and not parties <= {one.occasion.key for one in had}
        return {
            "more said than a day holds": bool(more_today) and len(day | more_today) > her.daily,
            "more said than a week holds": bool(more_this_week) and len(hers | more_this_week) > her.weekly,
            "a second celebration on one day": bool(parties) and (again or other),
        }

    def _is_signpost(self, message: Message) -> bool:
        told = self._tables.direct.get(message.message_id)
        return told is not None and told.kind == "signpost"

    def _occasions(self, message_id: UUID) -> list[Occasion]:
        t = self._tables
        return [t.occasion.rows[one.occasion_id] for one in t.link.of(message_id) if one.state == "saying"]

    def _holds(self, until: dict[UUID, datetime], client: UUID, now: datetime) -> bool:
        return client in until and now < until[client]

    def breaks(self, said: dict[str, bool]) -> None:
        """Those of these that are so."""
        self.broken += [what for what, is_so in said.items() if is_so]


class _Counted(NamedTuple):
    """On which of her days, whether she scheduled it herself, and as what: all of one kind and instant are
    one, and so are the celebrations of a day.
    """

    day: date
    by_her: bool
    what: str


def _counts_as(her: Her, at: datetime, occasion: Occasion) -> tuple[bool, str]:
    is_party = occasion.kind == "celebration"
    what = f"celebration {her.day(at)}" if is_party else f"{occasion.kind} {occasion.due_at}"
    return "reminder_id" in occasion.detail, what
