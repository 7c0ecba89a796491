"""One request on its way in: who calls, what was sent, and what stands behind the door."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from flask import current_app

from services.goals import access, handle
from services.goals.access import Look, Purpose
from services.goals.api.feed_desk import Desk
from services.goals.api.metrics import Figures
from services.goals.api.problems import invalid
from services.goals.api.turns import Turns
from services.goals.beats import Answer, House
from services.goals.log.heads import Heads
from services.goals.log.staff import must_still_work
from services.goals.messages.asking import Messages
from services.goals.rules.access import Who, clinic_of, may_read, seen_by
from services.goals.rules.client import Client
from services.goals.rules.commands import RecordCommand
from services.goals.rules.commands.clinic import ClinicCommand
from services.goals.rules.refusal import NotThere
from services.goals.seals.published import Published
from shared.passing import Trace
from shared.problems import Wrong
from shared.tokens import Key, Keys

ROOMS = "cairn.rooms"


@dataclass(frozen=True)
class Rooms:
    """What stands behind the door."""

    house: House
    token_keys: Keys = field(repr=False)
    figures: Figures
    desk: Desk
    turns: Turns
    heads: Heads
    seals: Published
    messages: Messages
    public_url: str | None
    """Under which address others know this service, where that is said."""
    seal_key: Key | None = field(repr=False)
    """What exports are signed with."""
    ready: Callable[[], str | None]
    """Why nothing can be served, or None."""
    close: Callable[[], None]
    """Lets everybody go who waits, and gives the connections back."""


@dataclass
class Call:
    """A request that has signed in. `body` and `query` are checked by their schemas; `sent` is not."""

    who: Who
    rooms: Rooms
    trace: Trace
    operation: str
    body: dict[str, Any] = field(default_factory=dict)
    query: dict[str, Any] = field(default_factory=dict)
    sent: object = None
    judged: bool = False
    """Whether it is known that the caller still works here; with that, every look is in the access log."""

    def shows(
        self,
        client_id: UUID,
        client: Client | None,
        *,
        goal_id: UUID | None = None,
        purpose: Purpose | None = None,
        may: Callable[[Who, UUID, Client | None], None] = may_read,
    ) -> Client:
        """The client as the caller may see her; the look is written down before it is answered.

        `purpose` is there when a copy is taken. Raises what `may` does, NotThere, SignedOut or Unlogged.
        """
        may(self.who, client_id, client)
        if client is None:
            raise NotThere
        self.lists((client_id,), goal_id=goal_id, purpose=purpose)
        return seen_by(self.who, client)

    def lists(
        self,
        client_ids: tuple[UUID, ...],
        *,
        goal_id: UUID | None = None,
        purpose: Purpose | None = None,
    ) -> None:
        """Writes down that the caller sees the records of these clients, all of which she may read."""
        house = self.rooms.house
        look = Look(
            who=self.who,
            operation=self.operation,
            correlation_id=self.trace.correlation_id,
            goal_id=goal_id,
            purpose=purpose,
        )
        with house.engine.connect() as connection:
            access.note(connection, house.vault, clinic_of(self.who), client_ids, look, house.fresh)
        self.judged = True

    def must_still_work(self) -> None:
        """Raises SignedOut for somebody who works here no more; asks only where nothing else has."""
        if self.who.staff_id is None or self.judged:
            return
        with self.rooms.house.engine.connect() as connection:
            must_still_work(connection, self.who)
        self.judged = True

    def handle_client(
        self,
        client_id: UUID,
        command: RecordCommand,
        if_match: int | None = None,
    ) -> Answer:
        """Puts a command on a client's record to the rules. Raises Problem for a time in the future."""
        time = getattr(command, "time", None)
        if time is not None and time > self.rooms.house.now():
            raise invalid((Wrong("#/time", "A time that is past is expected; this one is in the future."),))
        answer = handle.handle_client(
            self.rooms.house,
            self.who,
            client_id,
            command,
            operation=self.operation,
            correlation_id=self.trace.correlation_id,
            traceparent=self.trace.traceparent,
            if_match=if_match,
        )
        self.judged = True
        her = answer.state
        return replace(answer, state=seen_by(self.who, her)) if isinstance(her, Client) else answer

    def handle_clinic(self, clinic_id: UUID, command: ClinicCommand) -> Answer:
        """Puts a command on a clinic to the rules."""
        answer = handle.handle_clinic(
            self.rooms.house,
            self.who,
            clinic_id,
            command,
            correlation_id=self.trace.correlation_id,
            traceparent=self.trace.traceparent,
        )
        self.judged = True
        return answer


def rooms() -> Rooms:
    """What stands behind the door of the app that answers this request."""
    found: Rooms = current_app.extensions[ROOMS]
    return found
