"""Clients of one clinic who do things until they are accepted, and remember what was."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from threading import Lock, local
from typing import Any
from uuid import UUID, uuid4, uuid5

import requests

from infra.local.people import CLINIC
from infra.local.story import where_it_is_late_morning
from infra.standin.texts import Text
from services.reminders.ledger.inbound import inbound_id
from shared import tokens
from shared.events import fact_id
from shared.problems import CONTENT_TYPE as PROBLEM
from tests.controls import NAME, WIN
from tests.faults.town import KEY, Town


@dataclass(frozen=True)
class Client:
    """Somebody who is reminded."""

    number: str
    client_id: UUID = field(default_factory=uuid4)


@dataclass
class Crowd:
    """They, their therapist, and what was accepted of them: by the log's door, and by the door for texts."""

    town: Town
    clinic: UUID = field(default_factory=uuid4)
    therapist: UUID = field(default_factory=uuid4)
    lead: UUID = field(default_factory=uuid4)
    accepted: dict[UUID, tuple[UUID, str]] = field(default_factory=dict)
    """Facts that the log has to have: the event's id, or that of what was put, and of whom, and the type."""
    celebrated: set[UUID] = field(default_factory=set)
    """Clients with a win: each has to be told once that it counts."""
    answered: set[UUID] = field(default_factory=set)
    """Texts that each have to be answered."""
    answers: Counter[str] = field(default_factory=Counter)
    """What was answered instead of yes."""
    _lock: Lock = field(default_factory=Lock)
    _mine: local = field(default_factory=local)
    _numbers: int = 0

    def open(self) -> None:
        """A clinic opens, and a therapist and a lead work there."""
        place = f"/v1/clinics/{self.clinic}"
        self.put("operator", place, CLINIC | {"time_zone": self.zone})
        for role, staff in (("therapist", self.therapist), ("lead", self.lead)):
            who = {"role": role, "name": "Ana Ruiz", "email": f"{role}@example.org"}
            self.put("operator", f"{place}/staff/{staff}", who)

    @property
    def zone(self) -> str:
        """Where they live: it is late morning there, and nothing is held for the night."""
        return where_it_is_late_morning(datetime.now(UTC))

    def comes(self) -> Client:
        """One more: registered, with a phone, and consenting."""
        with self._lock:
            self._numbers += 1
            client = Client(f"+1503{2_000_000 + self._numbers:07d}")
        hers = f"/v1/clients/{client.client_id}"
        who = {"name": NAME, "locale": "en", "time_zone": self.zone, "adult": True}
        self._fact(client, "client.registered", hers, who)
        self._fact(client, "client.contact_set", f"{hers}/contacts/sms",
                   {"address": client.number, "verified_by": "seen"})  # fmt: skip
        self._fact(client, "consent.given", f"{hers}/consents/sms/{uuid4()}",
                   {"text_version": "1", "given_by": "client"})  # fmt: skip
        return client

    def wins(self, client: Client) -> UUID:
        """She puts a win; the event that it is."""
        win = uuid4()
        self.put(
            "therapist", f"/v1/clients/{client.client_id}/wins/{win}", {"kind": "showed_up", "text": WIN}
        )
        self.celebrated.add(client.client_id)
        return self._is_in_the_log(client, fact_id(client.client_id, "win", win), "win.recorded")

    def texts(self, client: Client, words: str = "WIN and a walk") -> UUID:
        """She texts a win, brought until it is heard; the event that it comes to be."""
        text = Text(sent_from=client.number, body=words)
        self._until(lambda: self._brought(text))
        self.answered.add(inbound_id(text.sid))
        win = uuid5(inbound_id(text.sid), "0")
        return self._is_in_the_log(client, fact_id(client.client_id, "win", win), "win.recorded")

    def put(self, role: str, path: str, body: Any) -> int:
        """Puts something until it is accepted; the status."""
        return self._until(lambda: self.ask("PUT", role, path, body))

    def ask(self, method: str, role: str, path: str, body: Any = None) -> int | None:
        """Asks once; the status when it was accepted, None when it is to be asked again."""
        try:
            answer = self._session().request(
                method, self.town.url("goals") + path, json=body, headers=self.signed(role), timeout=10
            )
        except requests.RequestException as error:
            self._count(type(error).__name__)
            return None
        if answer.status_code < 300:
            return answer.status_code
        assert answer.status_code in (429, 503), answer.text
        assert answer.headers["Content-Type"] == PROBLEM
        assert int(answer.headers["Retry-After"]) >= 1
        self._count(str(answer.status_code))
        return None

    def signed(self, role: str) -> dict[str, str]:
        """The header with which one of them signs in."""
        subs = {"therapist": str(self.therapist), "lead": str(self.lead), "operator": "operations"}
        clinic = None if role == "operator" else self.clinic
        bearer = tokens.mint(
            KEY, sub=subs[role], role=role, clinic=clinic, lifetime=timedelta(hours=1), now=datetime.now(UTC)
        )
        return {"Authorization": f"Bearer {bearer}"}

    def _brought(self, text: Text) -> int | None:
        status = self.town.provider.texts.bring(text)
        if status != 200:
            assert status in (None, 503), status
            self._count(f"text {status}")
            return None
        return status

    def _until(self, ask: Callable[[], int | None]) -> int:
        status: list[int] = []

        def is_accepted() -> bool:
            status.extend(one for one in [ask()] if one is not None)
            return bool(status)

        self.town.pulse.wait(is_accepted, f"something is not accepted, after {dict(self.answers)}")
        return status[0]

    def _fact(self, client: Client, kind: str, path: str, body: Any) -> None:
        self.put("therapist", path, body)
        self._is_in_the_log(client, uuid5(client.client_id, kind), kind)

    def _is_in_the_log(self, client: Client, name: UUID, kind: str) -> UUID:
        with self._lock:
            self.accepted[name] = (client.client_id, f"cairn.{kind}.v1")
        return name

    def _count(self, what: str) -> None:
        with self._lock:
            self.answers[what] += 1

    def _session(self) -> requests.Session:
        if not hasattr(self._mine, "session"):
            self._mine.session = requests.Session()
            self._mine.session.trust_env = False
        session: requests.Session = self._mine.session
        return session
