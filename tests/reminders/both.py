"""Both houses: a real goals service over HTTP, which may go away, and the reminder service behind it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import text

from services.goals.api.call import ROOMS
from services.goals.app import create_app
from services.reminders.following import apply, checkpoints
from services.reminders.hearing.carry import carry
from services.reminders.people import person
from services.reminders.rules.person import Person
from shared import tokens
from shared.goals_client import Goals, GoalsRefused
from shared.lanes import LANES
from shared.settings import Settings
from tests.controls import ADDRESS, CLIENT, CLINIC, COLLEAGUE, NAME, NUMBER, THERAPIST, ZONE
from tests.reminders.house import House
from tests.serving import serving

CLINIC_BODY = {
    "name": "Northside Counselling",
    "sender": "Northside",
    "phone": "+15035550100",
    "country": "US",
    "locale": "en",
    "time_zone": ZONE,
}
CLIENT_BODY = {"name": NAME, "locale": "en", "time_zone": ZONE, "adult": True}
HERS = f"/v1/clients/{CLIENT}"


@dataclass
class Both:
    """The two houses. `settings` are the reminder service's."""

    house: House
    settings: Settings
    goals_settings: Settings
    _running: list[ExitStack] = field(default_factory=list)

    def begin(self) -> None:
        """A clinic, and a client with a number and an address who consented to nothing yet."""
        self.put("operator", f"/v1/clinics/{CLINIC}", CLINIC_BODY)
        self.put("therapist", HERS, CLIENT_BODY)
        self.put("therapist", f"{HERS}/contacts/sms", {"address": NUMBER, "verified_by": "seen"})
        self.put("therapist", f"{HERS}/contacts/email", {"address": ADDRESS, "verified_by": "seen"})

    def consent(self, channel: str, consent_id: UUID) -> int:
        """She consents; the HTTP status."""
        return self.ask("therapist", f"{HERS}/consents/{channel}/{consent_id}", {"text_version": "1"})

    def put(self, role: str, path: str, body: Any) -> None:
        """Puts what is new."""
        assert self.ask(role, path, body) == 201

    def ask(self, role: str, path: str, body: Any) -> int:
        """The HTTP status of a PUT of somebody's."""
        of_clinic = {} if role == "operator" else {"clinic": CLINIC}
        sub = str({"therapist": THERAPIST, "lead": COLLEAGUE}.get(role, role))
        key = self.settings.require("token_key")
        token = tokens.mint(
            key, sub=sub, role=role, lifetime=timedelta(hours=1), now=datetime.now(UTC), **of_clinic
        )
        goals = Goals(self.settings.require("goals_url"), lambda _clinic, _client: token)
        try:
            return goals.put(CLINIC, path, msgspec.json.encode(body), f"{role}-asks").status
        except GoalsRefused as no:
            return no.status
        finally:
            goals.close()

    def follow(self) -> int:
        """Applies all that the feed has; gives how many events."""
        parts, applied = self.house.parts, 0
        while True:
            at = checkpoints.positions(parts.engine, list(range(LANES)))
            page = parts.feed.read(at, wait=0)
            applied += apply.apply(
                parts.engine, parts.vault, self.house.rung.extend, page.items, self.house.now
            )
            if not page.items:
                return applied

    def carry(self) -> int:
        """One round of the carrier."""
        parts = self.house.parts
        return carry(parts.engine, parts.vault, self.house.rung.extend, parts.goals, self.house.now)

    def her(self) -> Person:
        """The client as the reminder service knows her."""
        with self.house.parts.engine.connect() as connection:
            known = person(connection, self.house.parts.vault, CLIENT)
        assert known
        return known

    def withdrawn(self) -> list[tuple[str, str]]:
        """The log's consent.withdrawn: who did it, by which request."""
        return [
            (item["actorkind"], item["correlationid"])
            for item in self.log()
            if item["type"] == "cairn.consent.withdrawn.v1"
        ]

    def log(self) -> list[dict[str, Any]]:
        """Her record, as the feed gives it."""
        after: dict[int, int] = dict.fromkeys(range(LANES), 0)
        found: list[dict[str, Any]] = []
        while items := self.house.parts.feed.read(after, wait=0).items:
            found += [item for item in items if item["partitionkey"] == str(CLIENT)]
            after |= {item["lane"]: int(item["sequence"]) for item in items}
        return found

    def outgoing(self) -> list[tuple[str, str | None]]:
        """The facts on their way: state and cause, in order."""
        with self.house.parts.engine.connect() as connection:
            rows = connection.execute(text("SELECT state, cause FROM outgoing ORDER BY sequence"))
            return [(row[0], row[1]) for row in rows]

    def start(self) -> None:
        """The goals service is there."""
        port = int(self.settings.require("goals_url").rpartition(":")[2])
        app = create_app(self.goals_settings, threads=8)
        there = ExitStack()
        there.callback(app.extensions[ROOMS].close)
        there.enter_context(serving(app, port))
        self._running.append(there)

    def stop(self) -> None:
        """It is away: nobody listens."""
        self._running.pop().close()

    @contextmanager
    def away(self) -> Iterator[None]:
        """Away for so long."""
        self.stop()
        yield
        self.start()

    def close(self) -> None:
        """Both are gone."""
        while self._running:
            self.stop()
        self.house.parts.close()
