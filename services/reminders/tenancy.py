"""Whose rows a caller's question sees: her clinic's, held by the database beside what the code asks for."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from sqlalchemy import Connection, Engine, text

from services.reminders.schema import EXPECTED

ROLE = "cairn_reminders_door"
"""Whoever looks for callers: it changes nothing, and sees no row before it is said whose."""
STEP = "r0012"
"""Since when it may look."""

_OF = text("SELECT set_config('cairn.clinic', CAST(:clinic AS text), true)")


class Door:
    """Looks into the ledger for callers. Threads may share it."""

    def __init__(self, service: Engine, own: Engine) -> None:
        """`service` sees all clinics, `own` connects as ROLE."""
        self._service = service
        self._own = own
        self._stands = False

    @contextmanager
    def of(self, clinic_id: UUID | None) -> Iterator[Connection]:
        """One transaction in which this clinic's rows are all there is.

        For None, the other house or an operator, they are everybody's; so they are until the step is taken.
        """
        if clinic_id is None or not self._is_there():
            with self._service.connect() as connection:
                yield connection
            return
        with self._own.connect() as connection:
            connection.execute(_OF, {"clinic": clinic_id})
            yield connection

    def _is_there(self) -> bool:
        if not self._stands:  # once taken, a step stays
            with self._service.connect() as connection:
                self._stands = EXPECTED.has(connection, STEP)
        return self._stands
