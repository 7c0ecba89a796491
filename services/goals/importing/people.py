"""Whom a file of the documented form tells of: each client with all that is asked of her."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from functools import lru_cache
from typing import Any
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from marshmallow import ValidationError

from services.goals.api.body import wrongs
from services.goals.importing.asked import Asked, Person
from services.goals.importing.bad import Bad
from services.goals.importing.commands import client_id_of, goal_id_of, of_client, of_fact, of_goal
from services.goals.importing.line_bodies import FIELDS, LINES, TOLD
from services.goals.importing.lines import Line
from services.goals.rules.commands.client import SetContact, SetPreferences, SetTeam
from services.goals.rules.commands.goal import DraftGoal
from shared.clinic import Clinic

SETTINGS = (SetTeam, SetContact, SetPreferences, DraftGoal)


@dataclass(frozen=True)
class Place:
    """Where a file is imported to, when, and whose clients they are where it does not say."""

    clinic: Clinic
    started: datetime
    staff_id: UUID | None


class _Her:
    """The client whose lines are being read."""

    def __init__(self, key: str, person: Person, time_zone: str) -> None:
        self.key = key
        self.person = person
        self.zone = ZoneInfo(time_zone)
        self.unnamed: Counter[str] = Counter()


def people(lines: Iterable[Line], place: Place) -> Iterator[Person]:
    """Each client of the file, with what is bad among her lines."""
    reading = _Reading(place)
    for line in lines:
        begun = reading.take(line)
        if begun is not None:
            yield begun
    if reading.now is not None:
        yield reading.now.person


class _Reading:
    def __init__(self, place: Place) -> None:
        self.place = place
        self.now: _Her | None = None
        self.seen: set[UUID] = set()

    def take(self, line: Line) -> Person | None:
        """The client before, where this line begins another."""
        said = line.said if isinstance(line.said, Bad) else _loaded(line.number, line.said)
        if isinstance(said, Bad | list):
            return self._spoiled(line, [said] if isinstance(said, Bad) else said)
        if said["what"] == "client":
            return self._begin(line.number, said)
        self._add(line.number, said)
        return None

    def _begin(self, number: int, said: dict[str, Any]) -> Person | None:
        before = self.now
        clinic = self.place.clinic
        client_id = client_id_of(clinic.clinic_id, said["id"])
        said = {"locale": clinic.locale, "time_zone": clinic.time_zone} | said
        bad: list[Bad] = []
        team = self._team(number, said.get("team", []), bad)
        if client_id in self.seen:
            bad.append(Bad(number, "id", "She stands further up already; all her lines stand together."))
        self.seen.add(client_id)
        person = Person(number, client_id, team[0] if team else clinic.clinic_id, bad=bad)
        self.now = _Her(said["id"], person, said["time_zone"])
        at = self._at(number, said)
        person.asked = [Asked(number, asks, at, isinstance(asks, SETTINGS)) for asks in of_client(said, team)]
        return before.person if before else None

    def _add(self, number: int, said: dict[str, Any]) -> None:
        her = self.now
        if her is None or said["client"] != her.key:
            wrong = Bad(number, "client", "Her own line comes first, and all her lines stand together.")
            self._nobody(number).bad.append(wrong)
            return
        client_id, at = her.person.client_id, self._at(number, said)
        if said["what"] == "goal":
            asked = [of_goal(said, goal_id_of(client_id, said["id"]))]
        else:
            key = self._key(number, said)
            if key is None:
                return
            goal_id = goal_id_of(client_id, said["goal"]) if "goal" in said else None
            asked = of_fact(said, goal_id, uuid5(goal_id or client_id, f"import:{said['what']}:{key}"))
        for n, asks in enumerate(asked):
            when = at if n == 0 else said["withdrawn_at"]
            her.person.asked.append(Asked(number, asks, when, isinstance(asks, SETTINGS)))

    def _key(self, number: int, said: dict[str, Any]) -> str | None:
        """The file's own name of a fact; without one, its day and which of that day it is."""
        assert self.now is not None
        if "id" in said:
            return str(said["id"])
        day = said.get("on") or said.get("time")
        if day is None:
            self.now.person.bad.append(
                Bad(number, "id", "An id or a day (on, time) is needed, to know it again.")
            )
            return None
        of_day = f"{said.get('goal', '')}:{said['what']}:{day.isoformat()}"
        self.now.unnamed[of_day] += 1
        return f"{day.isoformat()}#{self.now.unnamed[of_day]}"

    def _at(self, number: int, said: dict[str, Any]) -> datetime | None:
        """When it was so; of what only the day is known, at noon where she is."""
        assert self.now is not None
        started, zone = self.place.started, self.now.zone
        if "time" in said:
            at: datetime = said["time"]
            field = "time"
        else:
            field = next((name for name in ("on", "since", "start_on") if name in said), "")
            if not field:
                return None
            today = started.astimezone(zone).date()
            day: date = said[field]
            at = noon(day, zone)
            if field == "start_on" or day == today:
                return min(at, started)
        if at > started:
            self.now.person.bad.append(
                Bad(number, field, "It is to come; what has happened can be imported.")
            )
        return min(at, started)

    def _team(self, number: int, named: list[str], bad: list[Bad]) -> tuple[UUID, ...]:
        """Who works with her, each by an id or an e-mail address."""
        if not named:
            if self.place.staff_id is None:
                bad.append(Bad(number, "team", "Who works with her is needed: here, or by --therapist."))
                return ()
            return (self.place.staff_id,)
        found = [member_of(self.place.clinic, name) for name in named]
        if None in found:
            bad.append(
                Bad(number, "team", "Each is somebody of the clinic's staff, by id or e-mail address.")
            )
        return tuple(member for member in found if member is not None)

    def _spoiled(self, line: Line, bad: list[Bad]) -> Person | None:
        """What is bad is said; where a client would begin, her lines are read on as hers."""
        said = line.said
        key = said.get("id") if isinstance(said, dict) and said.get("what") == "client" else None
        if not isinstance(key, str):
            self._nobody(line.number).bad.extend(bad)
            return None
        before, person = (
            self.now,
            Person(line.number, self.place.clinic.clinic_id, self.place.clinic.clinic_id),
        )
        person.bad.extend(bad)
        self.now = _Her(key, person, self.place.clinic.time_zone)
        return before.person if before else None

    def _nobody(self, number: int) -> Person:
        """Whom a line belongs to; where it is nobody's, it is said all the same."""
        if self.now is None:
            nobody = self.place.clinic.clinic_id
            self.now = _Her("", Person(number, nobody, nobody), self.place.clinic.time_zone)
        return self.now.person


@lru_cache(maxsize=4096)
def noon(day: date, zone: ZoneInfo) -> datetime:
    """The moment that stands for a day of which no more is known."""
    return datetime.combine(day, time(12), zone).astimezone(UTC)


def member_of(clinic: Clinic, named: str) -> UUID | None:
    """Somebody of the staff, by id or e-mail address; None for who is none."""
    wanted = named.strip().casefold()
    return next(
        (
            staff_id
            for staff_id, member in clinic.staff.items()
            if wanted in (str(staff_id), (member.email or "").casefold())
        ),
        None,
    )


def _loaded(number: int, said: dict[str, Any]) -> dict[str, Any] | list[Bad]:
    what = said.get("what")
    if what not in TOLD:
        return [Bad(number, "what", f"It is one of {', '.join(TOLD)}.")]
    form = "draft" if what == "goal" and said.get("status") == "draft" else str(what)
    try:
        loaded: dict[str, Any] = LINES[form].load(said)
    except ValidationError as error:
        return [Bad(number, _known(wrong.pointer), wrong.detail) for wrong in wrongs(error.messages, "#")]
    return loaded


def _known(pointer: str) -> str | None:
    """The field, where the form has one by that name."""
    parts = pointer.split("/")[1:]
    return "/".join(parts) if parts and all(part in FIELDS or part.isdigit() for part in parts) else None
