"""Databases as they are after a while: tens of thousands of rows in every table that grows."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from uuid import UUID

import psycopg

from infra.local.databases import plain

CLIENTS = 2_000
EVENTS_EACH = 30
MANY = 20_000
HERE = Path(__file__).parent


def fill_log(admin_url: str, clinic: UUID, now: datetime) -> None:
    """A log of 2,000 clients with 30 events each, looked at often; 300 of the clients are this clinic's."""
    _fill(admin_url, "log", {"clinic": clinic, "now": now, "clients": CLIENTS, "each": EVENTS_EACH})


def fill_ledger(admin_url: str, now: datetime) -> None:
    """20,000 clients, with a message each and all that hangs on it; most of it long settled."""
    _fill(admin_url, "ledger", {"now": now, "many": MANY})


def fill_vault(admin_url: str) -> None:
    """As many keys, all destroyed: what they sealed is not opened."""
    _fill(admin_url, "vault", {"many": MANY})


def _fill(admin_url: str, what: str, values: dict[str, object]) -> None:
    with psycopg.connect(plain(admin_url), autocommit=True, cursor_factory=psycopg.ClientCursor) as admin:
        admin.execute((HERE / f"full_{what}.sql").read_bytes(), values)
        admin.execute("VACUUM (ANALYZE)")
