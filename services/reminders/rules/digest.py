"""A week of a therapist's clients in figures: how much they entered and were sent, and who is quiet."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from uuid import UUID

from services.reminders.rules.catalogue import Catalogue
from services.reminders.rules.person import Person
from services.reminders.rules.prompts import AFTER_SILENCE
from services.reminders.rules.silence import silent_since
from services.reminders.rules.taper import SILENCE
from services.reminders.rules.told import told_of
from shared.clinic import Clinic
from shared.events import Cadence

WEEK = timedelta(days=7)
WEEKLY = Cadence(("mon",), ("08:00",))
"""When digests go, by the clinic's clock."""


def readers(persons: Iterable[Person], clinic: Clinic) -> dict[str, list[Person]]:
    """Whose week goes to which address; not of those whose care has ended, or who are left out of it."""
    found: dict[str, list[Person]] = {}
    for person in sorted(persons, key=lambda one: one.client_id):
        if not person.care_ended and not _left_out(person):
            for address in told_of(person, clinic):
                found.setdefault(address, []).append(person)
    return found


def digest(
    persons: Iterable[Person],
    sent: Mapping[UUID, int],
    words: Catalogue,
    link: str | None,
    now: datetime,
) -> str:
    """The text: a line a client, by her id alone. `sent` are the messages of the week."""
    lines = "\n".join(_line(person, sent.get(person.client_id, 0), words, now) for person in persons)
    if link is not None:
        lines += "\n\n" + words.variants("digest link")[0].format(link=link)
    return words.variants("digest text")[0].format(lines=lines)


def _line(person: Person, messages: int, words: Catalogue, now: datetime) -> str:
    entries = sum(now - WEEK < at <= now for at in person.signs.values())
    figures = words.variants("digest line")[0].format(
        client=person.client_id, entries=entries, messages=messages
    )
    return "; ".join((figures, *_quiet(person, words, now)))


def _quiet(person: Person, words: Catalogue, now: datetime) -> Iterator[str]:
    since = silent_since(person)
    silence = now - since if since is not None else timedelta(0)
    if silence >= AFTER_SILENCE[0]:
        yield words.variants("digest quiet")[0].format(days=silence.days)
    nudged = any(one.kind == "practice" and one.active for one in person.reminders.values())
    if silence >= SILENCE and nudged:
        yield words.variants("digest ended")[0]


def _left_out(person: Person) -> bool:
    said = [one.active for one in person.reminders.values() if one.kind == "digest"]
    return bool(said) and not any(said)
