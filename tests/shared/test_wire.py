"""The wire: cursors and events come back as they went."""

from __future__ import annotations

import base64
import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.events import EVENTS, Change, Event, GoalAdjusted, Recorded
from shared.lanes import LANES
from shared.personal import GRANTED_FIELDS, SEALED_FIELDS, join, split
from shared.upcasting import UnknownEvent
from shared.wire import (
    BadCursor,
    BadEvent,
    from_cloudevent,
    pack_cursor,
    rfc3339,
    to_cloudevent,
    unpack_cursor,
)
from tests import controls as c
from tests.anything import anything

POSITIONS = st.dictionaries(st.integers(0, LANES - 1), st.integers(1, 2**63 - 1))
MOMENTS = st.datetimes(datetime(1999, 1, 1), datetime(2100, 1, 1)).map(lambda t: t.replace(tzinfo=UTC))  # noqa: DTZ001
WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)


@given(POSITIONS)
def test_a_cursor_comes_back_as_it_went(positions: dict[int, int]) -> None:
    cursor = pack_cursor(positions)
    assert unpack_cursor(cursor) == positions
    assert cursor.isascii()
    assert not set(cursor) & set("+/= &?#")


def test_a_lane_at_its_start_need_not_be_named() -> None:
    assert unpack_cursor(pack_cursor({3: 0, 4: 5})) == {4: 5}


@given(st.text(max_size=60))
def test_what_is_no_cursor_is_refused_and_nothing_else_happens(text: str) -> None:
    try:
        positions = unpack_cursor(text)
    except BadCursor as refusal:
        assert "leave it out" in str(refusal) or "cannot be" in str(refusal)  # noqa: PT017
    else:
        assert all(0 <= lane < LANES and position >= 0 for lane, position in positions.items())
        assert unpack_cursor(pack_cursor(positions)) == {lane: at for lane, at in positions.items() if at}


@given(st.binary(max_size=40), st.integers(0, 3))
def test_whatever_a_cursor_would_say_is_a_place_or_refused(said: bytes, padding: int) -> None:
    try:
        positions = unpack_cursor(base64.urlsafe_b64encode(said).decode().rstrip("=") + "=" * padding)
    except BadCursor:
        return
    assert unpack_cursor(pack_cursor(positions)) == {lane: at for lane, at in positions.items() if at}


@pytest.mark.parametrize("flat", [[256, 1], [-1, 1], [1, -1], [1], ["a", 1], {"a": 1}])
def test_a_cursor_of_what_cannot_be_is_refused(flat: Any) -> None:
    with pytest.raises(BadCursor):
        unpack_cursor(base64.urlsafe_b64encode(msgspec.msgpack.encode(flat)).decode().rstrip("="))


def values_of(hint: Any) -> st.SearchStrategy[Any]:
    """What a field of this type may hold, within the bounds that msgspec checks."""
    for meta in getattr(hint, "__metadata__", ()):
        if isinstance(meta, msgspec.Meta) and meta.pattern:
            return st.times().map(lambda time: time.strftime("%H:%M"))
        if isinstance(meta, msgspec.Meta) and meta.ge is not None:
            return st.integers(int(meta.ge), 10)
    if get_origin(hint) is Annotated:
        return values_of(get_args(hint)[0])
    if get_origin(hint) in (Union, UnionType):
        return st.one_of([values_of(part) for part in get_args(hint)])
    if get_origin(hint) is tuple:
        return st.lists(values_of(get_args(hint)[0]), max_size=3).map(tuple)
    if hint is str:
        return WORDS
    if hint is int:
        return st.integers(-(2**31), 2**31)
    if hint is Decimal:
        return st.decimals(0, 1000, places=2, allow_nan=False)
    if isinstance(hint, type) and issubclass(hint, msgspec.Struct):
        return filled(hint)
    return st.from_type(hint)


def filled(kind: type[msgspec.Struct], **given_: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """A struct with every field filled."""
    hints = get_type_hints(kind, include_extras=True)
    fields = {name: values_of(hints[name]) for name in kind.__struct_fields__ if name not in given_}
    return st.builds(kind, **fields, **given_)


JSON = st.one_of(st.none(), WORDS, st.integers(0, 10), st.lists(WORDS, max_size=2))
PERSONAL_AND_NOT = st.sampled_from(["specific", "relevance", "if_then", "target", "confidence", "review_on"])
CHANGES = st.lists(
    st.builds(Change, field=PERSONAL_AND_NOT, from_=JSON, to=JSON), max_size=4, unique_by=lambda c: c.field
).map(tuple)
EVENT_KINDS = {
    kind: filled(kind, **({"changes": CHANGES} if kind is GoalAdjusted else {})) for kind in EVENTS.values()
}


def events() -> st.SearchStrategy[Event]:
    """Any event of any kind, as its types allow."""
    return st.sampled_from(list(EVENT_KINDS)).flatmap(EVENT_KINDS.__getitem__)


@given(events())
def test_an_event_that_was_parted_is_joined_again(event: Event) -> None:
    clear, sealed = (msgspec.json.decode(msgspec.json.encode(part)) for part in split(event))
    assert join(type(event), clear, sealed) == msgspec.convert(msgspec.to_builtins(event), type(event))
    assert not set(clear) & SEALED_FIELDS[type(event)]


@given(events())
def test_an_event_without_what_was_sealed_is_still_an_event(event: Event) -> None:
    clear, _ = split(event)
    left = join(type(event), clear, None)
    assert all(getattr(left, name) is None for name in SEALED_FIELDS[type(event)])


@given(events(), MOMENTS)
def test_what_goes_over_the_wire_comes_back_with_what_is_granted(event: Event, moment: datetime) -> None:
    recorded = Recorded(
        lane=3, position=7, clinic_id=c.CLINIC, record_id=c.CLIENT, record_version=2, stream_id=c.GOAL,
        version=0, event_id=c.CONSENT, time=moment, recorded_at=moment + timedelta(microseconds=1),
        actor=c.BY_CLIENT, data=event, correlation_id="c", causation_id="why", traceparent=None,
    )  # fmt: skip
    clear, sealed = split(event)
    item = msgspec.json.decode(msgspec.json.encode(to_cloudevent(recorded, clear, sealed, granted=True)))
    came = from_cloudevent(item)
    granted = {name: value for name, value in sealed.items() if name in GRANTED_FIELDS[type(event)]}
    assert msgspec.structs.replace(came, data=event) == recorded
    assert came.data == join(type(event), clear, granted)
    assert "traceparent" not in item
    assert all(re.fullmatch("[a-z0-9]{1,20}", name) for name in item)
    assert all(isinstance(item[name], str) for name in ("sequence", "recordversion", "id", "time"))


ANYTHING = anything(st.floats(), WORDS, MOMENTS.map(rfc3339))
ITEM = {
    "specversion": "1.0",
    "id": str(c.CONSENT),
    "source": f"/clinics/{c.CLINIC}",
    "type": "cairn.practice.logged.v1",
    "subject": str(c.GOAL),
    "time": "2026-03-02T15:00:00.000000Z",
    "datacontenttype": "application/json",
    "dataversion": "2",
    "lane": 3,
    "sequence": "7",
    "recordversion": "2",
    "partitionkey": str(c.CLIENT),
    "recordedtime": "2026-03-02T15:00:00.000001Z",
    "actorkind": "client",
    "actorid": str(c.CLIENT),
    "via": "web",
    "correlationid": "c",
    "data": {"practice_id": str(c.GOAL), "on": "2026-03-02", "quantity": 2, "via": "web"},
}


@given(st.dictionaries(st.one_of(st.sampled_from(sorted(ITEM)), WORDS), ANYTHING, max_size=3), st.data())
def test_whatever_comes_over_the_wire_is_an_event_or_named_as_none(
    spoiled: dict[str, Any], data: st.DataObject
) -> None:
    left = data.draw(st.sets(st.sampled_from(sorted(ITEM)), max_size=1))
    item = {name: value for name, value in (ITEM | spoiled).items() if name not in left}
    try:
        came = from_cloudevent(item)
    except (UnknownEvent, BadEvent):
        return
    clear, _ = split(came.data)
    again = msgspec.json.decode(msgspec.json.encode(to_cloudevent(came, clear, None, granted=False)))
    assert from_cloudevent(again) == came


def test_what_stands_there_unspoiled_is_an_event() -> None:
    assert ITEM["type"] == from_cloudevent(ITEM).data.TYPE


@pytest.mark.parametrize(
    "spoiled",
    [{"recordversion": float("inf")}, {"lane": 256}, {"sequence": "0"}, {"time": "2026-03-02T15:00:00"},
     {"actorkind": "moon"}, {"actorid": 7}, {"source": "/clinics/x"}, {"data": []}],
)  # fmt: skip
def test_an_attribute_of_another_kind_makes_it_none(spoiled: dict[str, Any]) -> None:
    with pytest.raises(BadEvent):
        from_cloudevent(ITEM | spoiled)


def test_an_unknown_type_is_named() -> None:
    with pytest.raises(UnknownEvent, match=r"cairn\.moon\.v1"):
        from_cloudevent({"type": "cairn.moon.v1"})


@given(MOMENTS)
def test_an_instant_is_written_in_utc_to_the_microsecond(moment: datetime) -> None:
    written = rfc3339(moment)
    assert written.endswith("Z")
    assert len(written) == len("2026-03-02T15:00:00.000000Z")
    assert datetime.fromisoformat(written) == moment
