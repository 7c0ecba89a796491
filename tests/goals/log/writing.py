"""A log to write to: its engine, its vault, and the shortest way to put something in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Engine, text

from services.goals.log.append import NewEvent, append
from services.goals.log.read import History, load
from shared.events import ClientRegistered, Event, Recorded, WinRecorded
from shared.vault import Vault
from tests import controls as c


@dataclass(frozen=True)
class Log:
    """As the service sees it, and as the superuser may tamper with it."""

    engine: Engine
    vault: Vault
    admin: Engine

    def begin(self, clinic: UUID = c.CLINIC, client: UUID | None = None) -> UUID:
        """A new client of the clinic: her record is at version 1."""
        client = client or uuid4()
        self.vault.create(client)
        data = ClientRegistered(locale="en", time_zone=c.ZONE, adult=True, name=c.NAME)
        self.append(client, 0, data, clinic=clinic)
        return client

    def win(self, client: UUID, expected: int, words: str = c.WIN, **options: Any) -> Recorded:
        """A win of hers, decided on at a version of the record."""
        data = WinRecorded(win_id=uuid4(), kind="showed_up", on=c.TODAY, text=words)
        return self.append(client, expected, data, **options)[0]

    def append(
        self,
        client: UUID,
        expected: int,
        *events: Event,
        clinic: UUID = c.CLINIC,
        version: int | None = None,
        **options: Any,
    ) -> tuple[Recorded, ...]:
        """Events on her own stream, whose version is the record's unless another is given."""
        first = version or expected + 1
        new = [
            NewEvent(
                stream_id=client,
                stream_kind="client",
                version=first + n,
                event_id=uuid4(),
                time=c.NOW,
                data=data,
            )
            for n, data in enumerate(events)
        ]
        with self.engine.connect() as connection:
            append(
                connection,
                self.vault,
                clinic_id=clinic,
                record_id=client,
                expected_version=expected,
                events=new,
                actor=c.BY_CLIENT,
                correlation_id="a-test",
                **options,
            )
        history = self.load(client, clinic)
        return history.events[expected : expected + len(new)] if history else ()

    def goal(self, client: UUID, expected: int, goal: UUID, version: int, data: Event) -> None:
        """An event on the stream of a goal, hers or not."""
        new = NewEvent(
            stream_id=goal, stream_kind="goal", version=version, event_id=uuid4(), time=c.NOW, data=data
        )
        with self.engine.connect() as connection:
            append(
                connection,
                self.vault,
                clinic_id=c.CLINIC,
                record_id=client,
                expected_version=expected,
                events=[new],
                actor=c.BY_CLIENT,
                correlation_id="a-test",
            )

    def load(self, stream: UUID, clinic: UUID = c.CLINIC, *, alone: bool = False) -> History | None:
        """The record as the clinic reads it."""
        with self.engine.connect() as connection:
            return load(connection, self.vault, clinic, stream, alone=alone)

    def tamper(self, *statements: str, **values: Any) -> None:
        """Changes the log as only a superuser can who switches the triggers off."""
        with self.admin.begin() as connection:
            connection.execute(text("SET LOCAL session_replication_role = replica"))
            for statement in statements:
                connection.execute(text(statement), values)

    def all(self, statement: str, **values: Any) -> list[Any]:
        """What the superuser sees."""
        with self.admin.connect() as connection:
            return list(connection.execute(text(statement), values))
