"""Every shape that an event ever had: its bytes hash as they did, and it is read as what it is today."""

from __future__ import annotations

import os

import msgspec
import pytest

from services.goals.log.chain import BEFORE_THE_FIRST, link
from services.goals.log.stored import Opened, open_row
from shared.events import EVENTS, Event, PracticeLogged
from shared.personal import join, split
from shared.sealing import Key
from shared.upcasting import STEPS, UnknownEvent, UnknownShape, readable, upcast
from shared.wire import from_cloudevent, to_cloudevent
from tests import controls as c
from tests.access_table import REWRITE
from tests.goals.log import golden

SHAPES = [(kind, shape) for kind in EVENTS.values() for shape in range(1, kind.SHAPE + 1)]
OLD = [(kind, shape) for kind, shape in SHAPES if shape < kind.SHAPE]


def named(shaped: tuple[type[Event], int]) -> str:
    kind, shape = shaped
    return f"{kind.TYPE}, shape {shape}"


def opened(kind: type[Event], shape: int, key: Key | None = golden.KEY) -> Opened:
    """The golden row, opened as the log opens it."""
    row = golden.read(kind, shape)
    sealed = bytes.fromhex(row.sealed) if row.sealed else None
    return open_row(
        (1, 1, c.CLINIC, c.CLIENT, 1, c.CLIENT, 1, c.named(1), kind.TYPE, shape, c.NOW, golden.LEARNED,
         row.body.encode(), sealed, row.meta.encode()),
        key,
    )  # fmt: skip


@pytest.mark.parametrize("kind", EVENTS.values(), ids=lambda kind: kind.TYPE)
def test_a_row_of_each_newest_shape_is_kept(kind: type[Event]) -> None:
    if os.environ.get(REWRITE):
        golden.write(kind)
    assert golden.file_of(kind, kind.SHAPE).exists(), f"run this with {REWRITE}=1"


@pytest.mark.parametrize("shaped", SHAPES, ids=named)
def test_its_bytes_hash_as_they_did_and_it_is_read_as_what_it_is_today(
    shaped: tuple[type[Event], int],
) -> None:
    kind, shape = shaped
    kept = golden.read(kind, shape)
    sealed = bytes.fromhex(kept.sealed) if kept.sealed else None
    row = golden.row_of(kind, shape, kept.body.encode(), sealed, kept.meta.encode())
    assert link(BEFORE_THE_FIRST, row).hex() == kept.hash
    read = opened(kind, shape).event.data
    assert msgspec.json.decode(msgspec.json.encode(read)) == kept.read_as


@pytest.mark.parametrize("kind", EVENTS.values(), ids=lambda kind: kind.TYPE)
def test_a_field_more_is_another_shape(kind: type[Event]) -> None:
    kept = golden.read(kind, kind.SHAPE)
    assert list(kept.read_as) == list(kind.__struct_encode_fields__), f"raise SHAPE of {kind.TYPE}"


@pytest.mark.parametrize("shaped", OLD, ids=named)
def test_an_old_shape_opens_after_the_key_is_gone_too(shaped: tuple[type[Event], int]) -> None:
    kind, shape = shaped
    whole, left = opened(kind, shape), opened(kind, shape, key=None)
    assert left.clear == whole.clear
    assert left.event.data == join(kind, split(whole.event.data)[0], None)


@pytest.mark.parametrize("shaped", OLD, ids=named)
def test_the_feed_gives_the_newest_shape_and_takes_an_older_one(shaped: tuple[type[Event], int]) -> None:
    kind, shape = shaped
    event, clear, sealed = opened(kind, shape)
    item = to_cloudevent(event, clear, sealed, granted=True)
    assert item["dataversion"] == str(kind.SHAPE)
    assert item["data"].items() >= clear.items()
    stored = msgspec.json.decode(golden.read(kind, shape).body)
    older = item | {"data": stored, "dataversion": str(shape)}
    assert from_cloudevent(older) == from_cloudevent(item)
    if shape == 1:
        del older["dataversion"]
        assert from_cloudevent(older) == from_cloudevent(item)


def test_a_step_leads_from_each_older_shape_and_from_no_other() -> None:
    assert {(kind.TYPE, shape) for kind, shape in OLD} == set(STEPS)


def test_no_step_changes_what_it_is_given() -> None:
    for kind, shape in OLD:
        stored = msgspec.json.decode(golden.read(kind, shape).body)
        before = msgspec.json.encode(stored)
        upcast(kind, shape, stored, golden.BY_TEXT)
        assert msgspec.json.encode(stored) == before


@pytest.mark.parametrize("shape", [0, PracticeLogged.SHAPE + 1])
def test_a_shape_of_newer_code_is_refused_by_its_name(shape: int) -> None:
    with pytest.raises(UnknownShape, match=rf"^cairn\.practice\.logged\.v1 in shape {shape}$"):
        readable(PracticeLogged.TYPE, shape)
    with pytest.raises(UnknownEvent, match=r"^cairn\.moon\.v1$"):
        readable("cairn.moon.v1", 1)
