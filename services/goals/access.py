"""The access log: who looked at which client's record, when, by which way, and why; only ever appended to."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal
from uuid import UUID

import msgspec
import structlog
from sqlalchemy import Connection, Row, text
from sqlalchemy.exc import DBAPIError

from services.goals.log.staff import CLINIC, asking, judged
from services.goals.rules.access import Role, Who
from services.goals.rules.refusal import NotThere
from shared import arrays
from shared.events import ActorKind, Via
from shared.sealing import Key, place
from shared.vault import Vault

__all__ = ["Access", "Look", "Looker", "Purpose", "Unlogged", "note", "page"]

Purpose = Literal["client", "transfer", "legal"]
"""What a copy of a record is taken for."""

_NOTE = text(
    f"SELECT cairn.note_access({CLINIC}, CAST(:records AS uuid[]), CAST(:ids AS uuid[]),"
    " CAST(:reasons AS bytea[]), :kind, :sub, CAST(:role AS text), :via, :operation, CAST(:goal AS uuid),"
    " CAST(:purpose AS text), :correlation)"
)
_PAGE = text("SELECT * FROM cairn.accesses_of(:clinic, :record, CAST(:before AS int8), CAST(:limit AS int4))")
_COPIES = text(
    "SELECT * FROM cairn.accesses_of(:clinic, :record, CAST(:before AS int8), NULL)"
    " WHERE purpose IS NOT NULL LIMIT :limit"
)
log = structlog.get_logger()


class Unlogged(Exception):
    """A look could not be written down, and so nothing is shown."""


@dataclass(frozen=True, kw_only=True)
class Look:
    """One request that shows something of clients' records; `purpose` is there when a copy is taken."""

    who: Who
    operation: str
    correlation_id: str
    goal_id: UUID | None = None
    purpose: Purpose | None = None


class Looker(msgspec.Struct, frozen=True):
    """Who looked, and as what."""

    kind: ActorKind
    id: str
    role: Role


class Access(msgspec.Struct, frozen=True, kw_only=True):
    """A look at a record: `what` is the operation, `reason` is null where none was given or it was erased."""

    id: UUID
    time: datetime
    actor: Looker
    via: Via
    what: str
    goal_id: UUID | None
    reason: str | None
    purpose: Purpose | None
    correlation_id: str


def note(
    connection: Connection,
    vault: Vault,
    clinic_id: UUID,
    client_ids: Collection[UUID],
    look: Look,
    fresh: Callable[[], UUID],
) -> None:
    """Writes down a look at the records of these clients, a row each, on an AUTOCOMMIT connection.

    Raises SignedOut for who works there no more, NotThere where one is no client of the clinic, Unlogged.
    """
    ids = [fresh() for _ in client_ids]
    actor = look.who.actor()
    values = {
        **asking(clinic_id, look.who),
        "records": arrays.ids(client_ids),
        "ids": arrays.ids(ids),
        "reasons": arrays.blobs(_reasons(vault, client_ids, ids, look.who.reason)),
        "kind": actor.kind,
        "sub": look.who.sub,
        "via": actor.via,
        "operation": look.operation,
        "goal": look.goal_id,
        "purpose": look.purpose,
        "correlation": look.correlation_id,
    }
    try:
        with judged():
            connection.execute(_NOTE, values)
    except DBAPIError as error:
        state = getattr(error.orig, "sqlstate", None)
        if state == "CN002":
            raise NotThere from error
        log.error("look_unlogged", error=type(error).__name__, sqlstate=state)
        raise Unlogged from error


def page(
    connection: Connection,
    vault: Vault,
    clinic_id: UUID,
    client_id: UUID,
    *,
    before: int | None,
    limit: int,
    copies: bool = False,
) -> tuple[list[Access], int | None]:
    """Looks at a client's record, the latest first, before an entry; and the entry before which more are.

    Of `copies` only those by which a copy was taken.
    """
    values = {"clinic": clinic_id, "record": client_id, "before": before, "limit": limit + 1}
    rows = connection.execute(_COPIES if copies else _PAGE, values).all()
    key = vault.key(client_id) if any(row.reason is not None for row in rows) else None
    more = len(rows) > limit
    return [_opened(row, key) for row in rows[:limit]], rows[limit - 1].entry if more else None


def _reasons(
    vault: Vault, client_ids: Collection[UUID], ids: list[UUID], reason: str | None
) -> list[bytes | None]:
    if reason is None:
        return [None] * len(ids)
    keys = vault.keys(client_ids)
    return [
        keys[client].seal(reason.encode(), _place(client, name)) if client in keys else None
        for client, name in zip(client_ids, ids, strict=True)
    ]


def _opened(row: Row[Any], key: Key | None) -> Access:
    reason = None
    if row.reason is not None and key is not None:
        reason = key.open(row.reason, _place(row.record_id, row.access_id)).decode()
    return Access(
        id=row.access_id,
        time=row.seen_at.astimezone(UTC),
        actor=Looker(row.actor_kind, row.actor_id, row.role),
        via=row.via,
        what=row.operation,
        goal_id=row.goal_id,
        reason=reason,
        purpose=row.purpose,
        correlation_id=row.correlation_id,
    )


def _place(client_id: UUID, access_id: UUID) -> bytes:
    """To what the reason of a look is tied."""
    return place("access", client_id, access_id)
