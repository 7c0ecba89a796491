"""The chain: what stands under the hash, byte for byte, here and in the database."""

from __future__ import annotations

from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from uuid import UUID

from sqlalchemy import text

from services.goals.log.chain import BEFORE_THE_FIRST, COLUMNS, Row, encoded, link
from shared.arrays import instant
from tests.goals.log.writing import Log

CLINIC = UUID("00000000-0000-4000-8000-0000000000c1")
CLIENT = UUID("00000000-0000-4000-8000-0000000000b1")
EVENT = UUID("00000000-0000-5000-8000-000000000001")
KEY = UUID("00000000-0000-4000-8000-0000000000aa")
OCCURRED = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
RECORDED = datetime(2026, 3, 2, 15, 0, 1, 234567, tzinfo=UTC)
GOLDEN = Row(
    lane=27,
    position=1,
    clinic_id=CLINIC.bytes,
    record_id=CLIENT.bytes,
    record_version=1,
    stream_id=CLIENT.bytes,
    version=1,
    event_id=EVENT.bytes,
    type=b"cairn.client.registered.v1",
    schema=1,
    occurred_at=instant(OCCURRED),
    recorded_at=instant(RECORDED),
    body=b'{"adult":true,"locale":"en","time_zone":"America/New_York"}',
    sealed=bytes(range(32)),
    key_id=KEY.bytes,
    meta=b'{"actor":{"id":"a","kind":"therapist","via":"api"},"correlation_id":"c"}',
)
UNSEALED = GOLDEN._replace(position=2, record_version=2, version=2, sealed=None, key_id=None)
FIRST_HASH = "db9f93d6957e541b64627e6be946f23be6ccb722df34eaeefa4fc736d07f7b98"
SECOND_HASH = "3a17f1d4c2f36b7a2f22bd2715bc0723ea9ff228d89ed4813a44f7934e9e9c25"


def test_the_golden_vector_holds() -> None:
    first = link(BEFORE_THE_FIRST, GOLDEN)
    assert first.hex() == FIRST_HASH
    assert link(first, UNSEALED).hex() == SECOND_HASH


def test_the_encoding_is_each_length_and_each_field() -> None:
    assert encoded(UNSEALED) == bytes.fromhex(
        "00000008000000000000001b"
        "000000080000000000000002"
        "00000010000000000000400080000000000000c1"
        "00000010000000000000400080000000000000b1"
        "000000080000000000000002"
        "00000010000000000000400080000000000000b1"
        "000000080000000000000002"
        "0000001000000000000050008000000000000001"
        "0000001a" + b"cairn.client.registered.v1".hex() +
        "000000080000000000000001"
        "00000008" + instant(OCCURRED).hex() +
        "00000008" + instant(RECORDED).hex() +
        "0000003b" + UNSEALED.body.hex() +
        "ffffffff"
        "ffffffff"
        "00000048" + UNSEALED.meta.hex()
    )  # fmt: skip


def test_the_database_links_the_golden_vector_to_the_same_hashes(log: Log) -> None:
    linked = text(
        "SELECT cairn.link(:previous, CAST(:lane AS int2), :position, :clinic, :record, :record_version,"
        " :stream, :version, :event, :type, :schema, :occurred, :recorded, :body, :sealed, :key, :meta)"
    )
    values = {
        "lane": 27, "clinic": CLINIC, "record": CLIENT, "stream": CLIENT, "event": EVENT,
        "type": "cairn.client.registered.v1", "schema": 1, "occurred": OCCURRED, "recorded": RECORDED,
        "body": GOLDEN.body, "meta": GOLDEN.meta,
    }  # fmt: skip
    one = {"previous": BEFORE_THE_FIRST, "position": 1, "record_version": 1, "version": 1,
           "sealed": GOLDEN.sealed, "key": KEY}  # fmt: skip
    two = {"previous": bytes.fromhex(FIRST_HASH), "position": 2, "record_version": 2, "version": 2,
           "sealed": None, "key": None}  # fmt: skip
    with log.engine.connect() as connection:
        assert connection.scalar(linked, values | one).hex() == FIRST_HASH
        assert connection.scalar(linked, values | two).hex() == SECOND_HASH


def test_what_is_appended_is_chained_as_python_reckons_it(log: Log) -> None:
    client = log.begin()
    log.win(client, 1)
    rows = log.all(f"SELECT hash, {COLUMNS} FROM cairn.event ORDER BY position")  # noqa: S608
    previous = BEFORE_THE_FIRST
    for hash_, *fields in rows:
        previous = link(previous, Row(*fields))
        assert hash_ == previous
    assert len(rows) == 2
    assert rows[0].lane == sha256(client.bytes).digest()[0]


def test_the_page_of_the_format_shows_this_golden_vector() -> None:
    page = (Path(__file__).parents[3] / "docs" / "log-format.md").read_text()
    assert FIRST_HASH in page
    assert SECOND_HASH in page
    assert encoded(GOLDEN).hex() in page.replace("\n", "").replace(" ", "")
