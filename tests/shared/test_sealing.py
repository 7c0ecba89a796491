"""Sealing: what was sealed opens in its own place, and nothing else does."""

from __future__ import annotations

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.sealing import KEY_BYTES, NONCE_BYTES, Key, Unopenable, derive, digest, place

KEY = Key(UUID(int=1), b"a" * KEY_BYTES)
PARTS = st.lists(
    st.one_of(st.text(max_size=8), st.binary(max_size=8), st.integers(-(2**63), 2**63 - 1), st.uuids())
)


@given(st.binary(), PARTS)
def test_it_opens_where_it_belongs(plain: bytes, parts: list[str | bytes | int | UUID]) -> None:
    here = place("a-test", *parts)
    assert KEY.open(KEY.seal(plain, here), here) == plain


@given(st.binary(), st.integers(0), st.integers(1, 255))
def test_a_changed_byte_does_not_open(plain: bytes, at: int, flip: int) -> None:
    sealed = bytearray(KEY.seal(plain, b""))
    sealed[at % len(sealed)] ^= flip
    with pytest.raises(Unopenable):
        KEY.open(bytes(sealed), b"")


@pytest.mark.parametrize("sealed", [b"", b"x", b"x" * NONCE_BYTES, b"x" * 20])
def test_what_is_too_short_does_not_open(sealed: bytes) -> None:
    with pytest.raises(Unopenable):
        KEY.open(sealed, b"")


@given(st.lists(st.text(max_size=4)), st.lists(st.text(max_size=4)))
def test_two_places_are_the_same_only_when_their_parts_are(one: list[str], two: list[str]) -> None:
    assert (place("a", *one) == place("a", *two)) == (one == two)


def test_the_nonce_stands_first_and_is_drawn_each_time() -> None:
    drawn = iter([b"1" * NONCE_BYTES, b"2" * NONCE_BYTES])
    key = Key(UUID(int=1), b"a" * KEY_BYTES, lambda n: next(drawn)[:n])
    assert [key.seal(b"x", b"")[:NONCE_BYTES] for _ in range(2)] == [b"1" * 12, b"2" * 12]


def test_each_purpose_has_a_key_of_its_own() -> None:
    assert len({derive(b"m" * 32, purpose) for purpose in ("wrap", "index", "id")}) == 3
    assert derive(b"m" * 32, "wrap") == derive(b"m" * 32, "wrap")
    assert len(derive(b"m" * 32, "wrap")) == KEY_BYTES


def test_a_digest_depends_on_its_key_and_on_every_part() -> None:
    assert len(digest(b"k", "sms", "1")) == 32
    assert (
        len(
            {
                digest(b"k", "sms", "1"),
                digest(b"l", "sms", "1"),
                digest(b"k", "sms1"),
                digest(b"k", "1", "sms"),
            }
        )
        == 4
    )
