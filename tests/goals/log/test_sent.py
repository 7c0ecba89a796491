"""What the feed sends is the CloudEvent that the wire describes, to the letter, made from stored bytes."""

from __future__ import annotations

from typing import get_args
from uuid import UUID

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.goals.log.sent import Row, cloudevent
from services.goals.log.stored import Meta, open_row
from shared.events import Actor, ActorKind, ClientRegistered, Event, Via, WinRecorded
from shared.sealing import Key
from shared.upcasting import UnknownEvent
from shared.wire import rfc3339, to_cloudevent
from tests import controls as c
from tests.goals.log import golden
from tests.goals.log.test_shapes import SHAPES, named

WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
ACTORS = st.builds(Actor, st.sampled_from(get_args(ActorKind)), WORDS, st.sampled_from(get_args(Via)))


def as_read(kind: type[Event], shape: int, meta: bytes, body: bytes, sealed: bytes | None) -> Row:
    """The row as the feed's statement gives it."""

    def letters(one: UUID) -> bytes:
        return str(one).encode()

    client = letters(c.CLIENT)
    return Row(
        1, 1, kind.TYPE.encode(), shape, 1, letters(c.named(1)), letters(c.CLINIC), client, client,
        rfc3339(c.NOW).encode(), rfc3339(golden.LEARNED).encode(), body, meta, sealed,
    )  # fmt: skip


def described(row: Row, granted: bool, key: Key | None) -> object:
    """The same row, opened whole and written as the wire describes it."""
    event, clear, sealed = open_row(
        (1, 1, c.CLINIC, c.CLIENT, 1, c.CLIENT, 1, c.named(1), row.type.decode(), row.shape, c.NOW,
         golden.LEARNED, row.body, row.sealed, row.meta),
        key,
    )  # fmt: skip
    return msgspec.to_builtins(to_cloudevent(event, clear, sealed, granted=granted))


@pytest.mark.parametrize("key", [golden.KEY, None], ids=["with the key", "erased"])
@pytest.mark.parametrize("granted", [True, False])
@pytest.mark.parametrize("shaped", SHAPES, ids=named)
def test_it_is_what_the_wire_describes(
    shaped: tuple[type[Event], int], granted: bool, key: Key | None
) -> None:
    kind, shape = shaped
    kept = golden.read(kind, shape)
    sealed = bytes.fromhex(kept.sealed) if kept.sealed else None
    row = as_read(kind, shape, kept.meta.encode(), kept.body.encode(), sealed)
    assert msgspec.json.decode(cloudevent(row, granted, key)) == described(row, granted, key)


@given(st.builds(Meta, ACTORS, WORDS, st.none() | WORDS, st.none() | WORDS))
def test_whatever_stands_in_its_meta_goes_out_as_it_is(meta: Meta) -> None:
    body = golden.read(WinRecorded, 1).body.encode()
    row = as_read(WinRecorded, 1, msgspec.json.encode(meta), body, None)
    assert msgspec.json.decode(cloudevent(row, True, None)) == described(row, True, None)


def test_a_type_that_is_not_known_is_refused_by_its_name() -> None:
    row = as_read(ClientRegistered, 1, b"{}", b"{}", None)
    with pytest.raises(UnknownEvent, match=r"cairn\.moon\.v1"):
        cloudevent(row._replace(type=b"cairn.moon.v1"), True, None)
