"""What a field takes: whatever is said is a value that is taken again as it is, or is refused by one name."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from marshmallow import ValidationError, fields

from services.goals.api import fields as ours
from services.goals.api.queries import Count, Cursor, Lanes
from tests.anything import ANYTHING

NEARLY = st.one_of(
    st.text("+0123456789 ().-ext", max_size=20).map(lambda said: f"+{said}"),
    st.sampled_from(["+1", "+44", "+34", "+52", "+49"]).flatmap(
        lambda code: st.text("0123456789 -", min_size=6, max_size=12).map(lambda said: code + said)
    ),
    st.text("ab.-_@é\n\0 +", max_size=24),
    st.emails(),
    st.datetimes().map(str),
    st.dates().map(str),
    st.uuids().map(str),
    st.text("0123456789-,:.TZ+", max_size=30),
)
KINDS: list[fields.Field[Any]] = [
    ours.Phone(),
    ours.Email(),
    ours.Text(20),
    ours.Line(20),
    ours.Neutral(20, "Northside"),
    ours.Reference(),
    ours.Choice("a", "b"),
    ours.Whole(0, 10),
    ours.Flag(),
    ours.Quantity(),
    ours.Id(),
    ours.LocalDay(),
    ours.Instant(),
    ours.WallClock(),
    ours.Zone(),
    ours.Locale(),
    ours.Country(),
]
QUERIES: list[fields.Field[Any]] = [Count(1, 200, "how many"), Cursor(), Lanes()]


def spelled(value: Any) -> Any:
    """A value as JSON says it."""
    match value:
        case datetime():
            return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
        case date():
            return value.isoformat()
        case Decimal():
            return format(value, "f")
        case str() | int():
            return value
        case _:
            return str(value)


@given(st.one_of(ANYTHING, NEARLY))
def test_whatever_is_said_is_taken_or_refused_by_a_field_of_any_kind(said: Any) -> None:
    for kind in KINDS:
        with suppress(ValidationError):
            value = kind.deserialize(said)
            assert kind.deserialize(spelled(value)) == value


@given(st.one_of(st.text(st.characters(), max_size=30), st.text("0123456789-,", max_size=12)))
def test_whatever_a_query_says_is_taken_or_refused(said: str) -> None:
    for field in QUERIES:
        with suppress(ValidationError):
            field.deserialize(said)


@given(NEARLY)
def test_a_number_is_kept_as_the_network_dials_it_and_an_address_fits_a_header(said: str) -> None:
    with suppress(ValidationError):
        assert re.fullmatch(r"\+[1-9][0-9]{6,14}", ours.phone(said))
    with suppress(ValidationError):
        assert re.fullmatch(r"[!-~]+@[a-z0-9.-]+", ours.email(said))


@given(st.sampled_from(["+12065550100", "+34600123456", "+525512345678"]), st.data())
def test_a_number_is_the_same_however_it_is_written(number: str, data: st.DataObject) -> None:
    gaps = data.draw(
        st.lists(st.sampled_from(["", " ", "-", "."]), min_size=len(number), max_size=len(number))
    )
    written = number[:3] + "".join(gap + digit for gap, digit in zip(gaps, number[3:], strict=False))
    assert ours.phone(written) == number
