"""A log of as many events as are asked for, and as many reminders: made once, by the real append in bulk."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from uuid import UUID, uuid4

import msgspec
import psycopg

from bench.bulk import Importer, ready
from bench.bulk import Size as Clients
from bench.cluster import DURABLE, Cluster, cluster
from bench.designs import statements
from bench.designs.win import CLINIC
from bench.rounds import Progress
from infra.local.databases import plain
from infra.local.trouble import LocalError
from services.goals.importing.writing import growth_of
from services.goals.log.append_all import Growth, append_all, encode
from shared.lanes import lane_of

TOGETHER = 100
"""Clients that are written in one round trip."""
SENDERS = 2
"""Each has lanes of its own, so that neither waits for the other."""
BYTES_AN_EVENT = 3_000
"""Of disk: the row, its indexes, the states beside it, and what is written ahead."""


@dataclass(frozen=True)
class Stock:
    """So many events, and so many reminders."""

    events: int
    reminders: int


@contextmanager
def stocked(stock: Stock, progress: Progress) -> Iterator[tuple[Cluster, Importer]]:
    """A cluster on the real disk with that log, and who wrote it. Raises LocalError for want of room."""
    _must_have_room(stock)
    with cluster("real") as it, ready(it) as importer:
        statements.prepare(it)
        _fill(importer, stock.events, progress)
        with psycopg.connect(plain(it.admin), autocommit=True) as admin:
            progress(f"{stock.events:,} events are vacuumed, as they would be by now")
            admin.execute("VACUUM (ANALYZE)")
        yield it, importer


def _must_have_room(stock: Stock) -> None:
    needed = stock.events * BYTES_AN_EVENT // 2**20
    left = shutil.disk_usage(DURABLE).free // 2**20
    if left < needed:
        raise LocalError(
            f"{stock.events:,} events need some {needed:,} MiB in {DURABLE}, and {left:,} are left"
        )


def _fill(importer: Importer, events: int, progress: Progress) -> None:
    """One round of clients is judged by the rules; the others are the same with ids of their own."""
    models = [growth_of(one, "a-benchmark") for one in importer.judged(Clients(clients=TOGETHER))]
    each = sum(len(model.events) for model in models)
    with ThreadPoolExecutor(SENDERS) as senders:
        rounds = iter(range(-(-events // (each * SENDERS))))
        for number in rounds:
            progress(f"{number * each * SENDERS:,} of {events:,} events are written")
            list(senders.map(lambda sender: _write(importer, models, sender), range(SENDERS)))


def _write(importer: Importer, models: list[Growth], sender: int) -> None:
    house = importer.house
    ids = list(islice(_ids(sender), len(models)))
    house.vault.create_all(ids)
    growths = [_again(model, client) for model, client in zip(models, ids, strict=True)]
    with house.engine.connect() as connection:
        append_all(connection, encode(house.vault, CLINIC, growths))


def _ids(sender: int) -> Iterator[UUID]:
    while True:
        client = uuid4()
        if lane_of(client) % SENDERS == sender:
            yield client


def _again(model: Growth, client: UUID) -> Growth:
    """The same things of somebody else."""
    streams = {row.stream_id: uuid4() for row in model.states} | {model.record_id: client}
    return model._replace(
        record_id=client,
        events=[
            (msgspec.structs.replace(new, stream_id=streams[new.stream_id], event_id=uuid4()), meta)
            for new, meta in model.events
        ],
        states=[row._replace(stream_id=streams[row.stream_id]) for row in model.states],
    )
