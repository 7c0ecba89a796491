"""The goals service in virtual time: a log with its feed, which takes what it is told, each fact once."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

import msgspec

from shared.events import (
    Actor,
    Cadence,
    ConsentGiven,
    ConsentWithdrawn,
    ContactRemoved,
    ContactSet,
    Event,
    MilestoneReached,
    PracticeLogged,
    PreferencesSet,
    RatingRecorded,
    Recorded,
    ReminderPlanned,
    RemindersPaused,
    RemindersResumed,
    SafetyFlagged,
    WinRecorded,
)
from shared.goals_client import Answer, GoalsAway, GoalsRefused
from shared.lanes import lane_of
from shared.personal import split
from shared.wire import to_cloudevent
from tests.simulation.dice import Dice
from tests.simulation.her import Her

BY_TEXT = Actor("system", "reminders", "sms")


class OtherHouse:
    """Stands for the goals service."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self.dice = Dice(0)
        self.meanwhile: Callable[[], None] = lambda: None
        self.well = False
        self.feed: dict[int, list[tuple[dict[str, Any], Event, datetime]]] = defaultdict(list)
        """Each lane's events, as the feed gives them, as they are, and since when."""
        self.given: dict[UUID, datetime] = {}
        """When each consent was given."""
        self.hers: dict[UUID, Her] = {}
        """Each client as the log has her."""
        self.clinic_of: dict[UUID, UUID] = {}
        self.goals: dict[UUID, UUID] = {}
        """Whose each goal is."""
        self.taken: dict[str, tuple[bytes, bytes]] = {}
        """What was put where, and what was answered."""
        self.taken_back: set[str] = set()
        self._versions: dict[UUID, int] = defaultdict(int)

    def append(
        self, record: UUID, clinic: UUID, event: Event, actor: Actor, *, stream: UUID | None = None
    ) -> UUID:
        """Writes an event down; gives its id."""
        lane = lane_of(record)
        self._versions[record] += 1
        event_id = uuid5(record, str(self._versions[record]))
        earlier = self.feed[lane][-1][2] if self.feed[lane] else self._clock()
        now = max(self._clock(), earlier)
        recorded = Recorded(
            lane=lane,
            position=len(self.feed[lane]) + 1,
            clinic_id=clinic,
            record_id=record,
            record_version=self._versions[record],
            stream_id=stream or record,
            version=0,
            event_id=event_id,
            time=now,
            recorded_at=now,
            actor=actor,
            data=event,
            correlation_id=f"log-{event_id.hex[:12]}",
        )
        self.feed[lane].append((to_cloudevent(recorded, *split(event), granted=True), event, now))
        if isinstance(event, ConsentGiven):
            self.given[event.consent_id] = now
        if record in self.hers:
            self.hers[record].hears(event)
        return event_id

    def put(self, clinic: UUID, path: str, body: bytes, _: str, *, client_id: UUID | None = None) -> Answer:
        """Takes a thing. Raises GoalsAway, GoalsRefused."""
        self._comes_first()
        earlier = self.taken.get(path)
        if earlier is None or _is_setting(path):
            actor = BY_TEXT if client_id is None else Actor("client", str(client_id), "web")
            if _is_setting(path) and earlier is not None and earlier[0] == body:
                return self._answers(earlier[1])
            answer = self._take(clinic, path, json.loads(body), actor)
            self.taken[path] = (body, answer)
        elif earlier[0] != body:
            raise GoalsRefused(409)
        return self._answers(self.taken[path][1])

    def delete(self, clinic: UUID, path: str, _: str, *, client_id: UUID | None = None) -> Answer:
        """Takes a thing back. Raises GoalsAway, GoalsRefused."""
        self._comes_first()
        client, kind, *names = self._parts(path)
        her = self._known(client)
        actor = BY_TEXT if client_id is None else Actor("client", str(client_id), "web")
        if path not in self.taken_back:
            match kind:
                case "contacts" if names[0] in her.contacts:
                    gone = ContactRemoved(her.contacts[names[0]].contact_id, names[0])
                    self.append(client, clinic, gone, actor)
                case "consents" if (one := her.consents.get(UUID(names[1]))) is not None and one.holds:
                    withdrawn = ConsentWithdrawn(UUID(names[1]), one.contact_id, one.channel)  # type: ignore[arg-type]
                    self.append(client, clinic, withdrawn, actor)
                case "pauses" if UUID(names[0]) in her.pauses:
                    self.append(client, clinic, RemindersResumed(UUID(names[0])), actor)
                case _:
                    pass
            if kind != "contacts":
                self.taken_back.add(path)
        return self._answers(b"{}")

    def _take(self, clinic: UUID, path: str, body: dict[str, Any], actor: Actor) -> bytes:
        subject, kind, *names = self._parts(path)
        client = self.goals.get(subject, subject)
        her = self._known(client)
        stream = subject if subject in self.goals else None
        event = self._event(client, her, kind, names, body)
        event_id = self.append(client, clinic, event, actor, stream=stream)
        if not isinstance(event, PracticeLogged | WinRecorded):
            return b"{}"
        earned = MilestoneReached(uuid5(event_id, "m"), "practices", 3, None, event_id)
        if event_id.int % 3:
            return b"{}"
        self.append(client, clinic, earned, actor, stream=stream)
        return b'{"milestones": [{"rule": "practices", "threshold": 3}]}'

    def _event(self, client: UUID, her: Her, kind: str, names: list[str], body: dict[str, Any]) -> Event:
        name = UUID(names[-1]) if len(names[-1]) == 36 else client
        on = her.day(self._clock())
        match kind:
            case "contacts":
                channel: Any = names[0]
                known = her.contacts.get(channel)
                same = known is not None and known.address == body["address"]
                contact_id = (
                    known.contact_id if known and same else uuid5(client, f"contact {self._versions[client]}")
                )
                return ContactSet(contact_id, channel, body["address"], body.get("verified_by"))
            case "consents":
                scope: Any = names[0]
                if scope not in her.contacts:
                    raise GoalsRefused(409)
                named = body.get("contact_id") or her.contacts[scope].contact_id
                return ConsentGiven(name, UUID(str(named)), scope, body["text_version"], "en", "client")
            case "preferences":
                return PreferencesSet(**body)
            case "reminders":
                cadence = msgspec.convert(body.get("cadence"), Cadence | None)
                return ReminderPlanned(**body | {"reminder_id": name, "cadence": cadence, "goal_id": None})
            case "pauses":
                until = datetime.fromisoformat(body["until"]).date() if body.get("until") else None
                return RemindersPaused(name, until)
            case "flags":
                return SafetyFlagged(name, body["message_ref"], body["crisis_line"], body["rule"])
            case "wins":
                return WinRecorded(name, "other", on, body.get("text"))
            case "practices":
                return PracticeLogged(name, on, body.get("quantity", 1), body.get("note"))
            case "ratings":
                return RatingRecorded(name, body["value"], "client", 1)
            case _:
                raise GoalsRefused(404)

    def _parts(self, path: str) -> tuple[Any, ...]:
        _, _, _, subject, kind, *names = path.split("/")
        return UUID(subject), kind, *(names or [subject])

    def _known(self, client: UUID) -> Her:
        her = self.hers.get(client)
        if her is None or her.erased:
            raise GoalsRefused(404)
        return her

    def _comes_first(self) -> None:
        self.meanwhile()
        if self.well:
            return
        if self.dice.chance(10):
            raise GoalsAway("status 503")
        if self.dice.chance(3):
            raise GoalsRefused(401)

    def _answers(self, body: bytes) -> Answer:
        if not self.well and self.dice.chance(8):
            raise GoalsAway("ReadTimeout")
        return Answer(200, body, 0.0)


def _is_setting(path: str) -> bool:
    return path.rsplit("/", 2)[-2] in {"contacts", "reminders"} or path.endswith("/preferences")
