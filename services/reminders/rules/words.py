"""What is said: the words for a client's occasions, in her language, for the channel they go by."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import msgspec

from services.reminders.rules import letter, sms
from services.reminders.rules.cadence import DAYS
from services.reminders.rules.catalogue import CATALOGUES, language_of
from services.reminders.rules.person import Person
from services.reminders.rules.plan import Occasion
from services.reminders.rules.saying import ASKED, Asked, Saying
from shared.clinic import Clinic
from shared.events import Channel
from shared.neutral import visible


class Words(msgspec.Struct, frozen=True):
    """A message, whole. An SMS has neither subject nor HTML."""

    text: str
    subject: str | None = None
    html: str | None = None


def compose(
    occasions: Sequence[Occasion],
    clinic: Clinic,
    person: Person,
    channel: Channel,
    variant_seed: int = 0,
    *,
    link: str | None = None,
    page: str | None = None,
) -> Words:
    """One message for one or more occasions of hers; `link` confirms her address, in a welcome by e-mail;
    any other e-mail leads to her own page, `page`.

    The occasions themselves turn the wording from one slot or day to the next; `variant_seed` only lets
    clients differ, so let it be the same for a client each time (her id's integer will do).
    """
    if not occasions:
        raise ValueError("There is nothing to say: compose needs an occasion.")
    welcomes = any(one.kind == "welcome" for one in occasions)  # an address that may not be hers
    said = Saying(
        catalogue=CATALOGUES[language_of(person.locale, clinic.locale)],
        sender=visible(clinic.sender),
        phone=clinic.phone,
        label=person.label,
        asks=_asks(occasions),
        earned=_earned(occasions),
        turn=variant_seed + max(_turn(one, person) for one in occasions),
        link=link if welcomes else None,
        page=None if welcomes else page,
    )
    match channel:
        case "sms":
            return Words(sms.text_of(said))
        case "email":
            written = letter.letter_of(said)
            return Words(written.text, written.subject, written.html)


def _asks(occasions: Sequence[Occasion]) -> tuple[Asked, ...]:
    """What starts a conversation. Where anything else is said, that is hello enough to one who is quiet."""
    kinds = {one.kind for one in occasions}
    if len(kinds) > 1:
        kinds -= {"quiet"}
    return tuple(kind for kind in ASKED if kind in kinds)


def _earned(occasions: Sequence[Occasion]) -> tuple[tuple[str, int], ...]:
    """The milestones' rules and counts, in the order that they were reached."""
    celebrations = sorted(
        (one for one in occasions if one.kind == "celebration"), key=lambda one: (one.due_at, one.key)
    )
    return tuple((one.detail.rule, one.detail.threshold or 1) for one in celebrations if one.detail.rule)


def _turn(occasion: Occasion, person: Person) -> int:
    """A number that is one higher at each slot of a reminder, or on each day."""
    slot = occasion.detail
    reminder = person.reminders.get(slot.reminder_id) if slot.reminder_id else None
    if reminder is None or reminder.cadence is None or slot.slot_date is None or slot.slot_time is None:
        return occasion.due_at.date().toordinal()
    days, times = set(reminder.cadence.days), sorted({*reminder.cadence.times, slot.slot_time})
    week, weekday = divmod(slot.slot_date.toordinal() - date.min.toordinal(), 7)
    days_before = week * len(days) + sum(day in days for day in DAYS[:weekday])
    return days_before * len(times) + times.index(slot.slot_time)
