"""Columns of many rows: lists to whoever reads them, and PostgreSQL's own bytes to the driver.

That takes a fifth of the time that the driver's own way with lists does.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

import psycopg
from psycopg.adapt import Dumper
from psycopg.pq import Format

from shared import arrays


class Ids(list[UUID | None]):
    """uuid[]."""


class Words(list[str]):
    """text[], of which each is another."""


class Names(list[str | None]):
    """text[], of which there are few."""


class Moments(list[datetime | None]):
    """timestamptz[]."""


def _sent_by(pack: Callable[[Any], bytes], of: str) -> type[Dumper]:
    class Packed(Dumper):
        format = Format.BINARY
        oid = psycopg.postgres.types[of].array_oid

        def dump(self, obj: Any) -> bytes:
            return pack(obj)

    return Packed


for _column, _pack, _of in (
    (Ids, arrays.ids, "uuid"),
    (Words, arrays.words, "text"),
    (Names, arrays.texts, "text"),
    (Moments, arrays.moments, "timestamptz"),
):
    psycopg.adapters.register_dumper(_column, _sent_by(_pack, _of))
