"""Our append as the service calls it: sealed, checked, chained, stored."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from itertools import cycle
from uuid import UUID, uuid4

from bench.cluster import MASTER_KEY, Cluster
from bench.designs.win import BY_CLIENT, CLINIC, win
from services.goals.log.append import NewEvent, append
from shared.database import engine
from shared.events import ClientRegistered, Event
from shared.vault import Vault

RECORDS = 8
"""Clients of each connection, written to in turn."""


def lanes(cluster: Cluster) -> Callable[[], None]:
    """Appends a win a call, to records that lie in whatever lanes they happen to lie in."""
    records = [uuid4() for _ in range(RECORDS)]
    connection = engine(cluster.places.goals, pool_size=1, autocommit=True).connect()
    vault = Vault(engine(cluster.places.vault, pool_size=1, autocommit=True), MASTER_KEY)

    def write(record: UUID, expected: int, data: Event) -> None:
        new = NewEvent(
            stream_id=record,
            stream_kind="client",
            version=expected + 1,
            event_id=uuid4(),
            time=datetime.now(UTC),
            data=data,
        )
        append(
            connection,
            vault,
            clinic_id=CLINIC,
            record_id=record,
            expected_version=expected,
            events=[new],
            actor=BY_CLIENT,
            correlation_id="a-benchmark",
        )

    for record in records:
        vault.create(record)
        write(record, 0, ClientRegistered(locale="en", time_zone="America/New_York", adult=True, name="Maya"))
    versions = dict.fromkeys(records, 1)
    turn = cycle(records)

    def once() -> None:
        record = next(turn)
        write(record, versions[record], win())
        versions[record] += 1

    return once
