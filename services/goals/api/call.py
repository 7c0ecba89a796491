"""One request on its way in: who calls, what was sent, and what stands behind the door."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from flask import current_app

from services.goals import handle
from services.goals.api.feed_desk import Desk
from services.goals.api.metrics import Requests
from services.goals.api.problems import invalid
from services.goals.handle import Answer, House
from services.goals.log.heads import Heads
from services.goals.rules.access import Who, seen_by
from services.goals.rules.client import Client
from services.goals.rules.commands import ClinicCommand, RecordCommand
from shared.passing import Trace
from shared.problems import Wrong
from shared.tokens import Key

ROOMS = "cairn.rooms"


@dataclass(frozen=True)
class Rooms:
    """What stands behind the door."""

    house: House
    token_key: Key
    requests: Requests
    desk: Desk
    heads: Heads
    ready: Callable[[], str | None]
    """Why nothing can be served, or None."""
    close: Callable[[], None]
    """Lets everybody go who waits, and gives the connections back."""


@dataclass(frozen=True)
class Call:
    """A request that has signed in. `body` and `query` are checked by their schemas; `sent` is not."""

    who: Who
    rooms: Rooms
    trace: Trace
    body: dict[str, Any]
    query: dict[str, Any]
    sent: object

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
            correlation_id=self.trace.correlation_id,
            traceparent=self.trace.traceparent,
            if_match=if_match,
        )
        her = answer.state
        return replace(answer, state=seen_by(self.who, her)) if isinstance(her, Client) else answer

    def handle_clinic(self, clinic_id: UUID, command: ClinicCommand) -> Answer:
        """Puts a command on a clinic to the rules."""
        return handle.handle_clinic(
            self.rooms.house,
            self.who,
            clinic_id,
            command,
            correlation_id=self.trace.correlation_id,
            traceparent=self.trace.traceparent,
        )


def rooms() -> Rooms:
    """What stands behind the door of the app that answers this request."""
    found: Rooms = current_app.extensions[ROOMS]
    return found
