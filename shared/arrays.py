"""Arrays in the bytes in which PostgreSQL takes them.

A driver that adapts lists, and a server that reads text, take longer over them than over the append itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from struct import Struct
from typing import ClassVar, Self
from uuid import UUID

import psycopg
from psycopg.adapt import Dumper
from psycopg.pq import Format

_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
_HEAD = Struct(">iiIii").pack
_NONE = Struct(">iiI").pack
_LENGTH = Struct(">i").pack
_NULL = _LENGTH(-1)


class Array(bytes):
    """An array of one kind, as it is sent."""

    OF: ClassVar[int]

    def __init_subclass__(cls, of: str) -> None:
        kind = psycopg.postgres.types[of]
        cls.OF = kind.oid
        psycopg.adapters.register_dumper(
            cls, type(f"_{cls.__name__}", (_AsItIs,), {"oid": kind.array_oid, "format": Format.BINARY})
        )

    @classmethod
    def made(cls, members: Sequence[bytes]) -> Self:
        """Of members that stand behind their lengths."""
        if not members:
            return cls(_NONE(0, 0, cls.OF))
        return cls(b"".join((_HEAD(1, 1, cls.OF, len(members), 1), *members)))


class _AsItIs(Dumper):
    def dump(self, obj: Array) -> Array:
        return obj


class Ids(Array, of="uuid"):
    """uuid[]."""


class Texts(Array, of="text"):
    """text[]."""


class Numbers(Array, of="int8"):
    """int8[]."""


class Shapes(Array, of="int4"):
    """int4[]."""


class Truths(Array, of="bool"):
    """bool[]."""


class Moments(Array, of="timestamptz"):
    """timestamptz[]."""


class Blobs(Array, of="bytea"):
    """bytea[], with nulls."""


def ids(values: Iterable[UUID | None]) -> Ids:
    """An array of ids and nulls."""
    return Ids.made([_NULL if value is None else _SIXTEEN + value.bytes for value in values])


def numbers(values: Iterable[int]) -> Numbers:
    """An array of numbers of eight bytes."""
    return Numbers.made([_number(value) for value in values])


def shapes(values: Iterable[int]) -> Shapes:
    """An array of numbers of four bytes."""
    return Shapes.made([_shape(value) for value in values])


def truths(values: Iterable[bool]) -> Truths:
    """An array of truths."""
    return Truths.made([_TRUE if value else _FALSE for value in values])


def moments(values: Iterable[datetime | None]) -> Moments:
    """An array of instants and nulls."""
    return Moments.made([_NULL if value is None else _EIGHT + instant(value) for value in values])


def words(values: Iterable[str]) -> Texts:
    """An array of texts of which each is another."""
    return Texts.made([_word(value) for value in values])


def texts(values: Iterable[str | None]) -> Texts:
    """An array of texts of which there are few, and nulls: names of kinds, of types, of channels."""
    return Texts.made([_NULL if value is None else _text(value) for value in values])


def blobs(values: Iterable[bytes | None]) -> Blobs:
    """An array of bytes and nulls."""
    return Blobs.made([_NULL if value is None else _LENGTH(len(value)) + value for value in values])


def instant(moment: datetime) -> bytes:
    """A moment as PostgreSQL sends it, and as it is hashed.

    Microseconds since 2000-01-01 UTC, signed, in eight bytes, big end first.
    """
    since = moment - _EPOCH
    return ((since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds).to_bytes(
        8, "big", signed=True
    )


@lru_cache(maxsize=4096)
def _number(value: int) -> bytes:
    return _EIGHT + value.to_bytes(8, "big", signed=True)


@lru_cache(maxsize=256)
def _shape(value: int) -> bytes:
    return _FOUR + value.to_bytes(4, "big", signed=True)


def _word(value: str) -> bytes:
    raw = value.encode()
    return _LENGTH(len(raw)) + raw


_text = lru_cache(maxsize=1024)(_word)


_FOUR, _EIGHT, _SIXTEEN = map(_LENGTH, (4, 8, 16))
_TRUE, _FALSE = (_LENGTH(1) + raw for raw in (b"\1", b"\0"))
