"""Which clinic a file is for, where nobody says it: the one that there is."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import Engine, text

_AS_FEED = text("SET LOCAL ROLE cairn_feed")
_TWO = text("SELECT stream_id FROM cairn.stream WHERE kind = 'clinic' LIMIT 2")


def only_clinic(engine: Engine) -> UUID | None:
    """The one clinic of the log; None where there is none, or several."""
    with engine.execution_options(isolation_level="READ COMMITTED").begin() as connection:
        connection.execute(_AS_FEED)
        found = list(connection.scalars(_TWO))
    return found[0] if len(found) == 1 else None
