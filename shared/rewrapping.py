"""What Prometheus is shown of a change of master keys: how many keys another than now's still wraps."""

from __future__ import annotations

from collections.abc import Iterator

import structlog
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from sqlalchemy import Engine, text
from sqlalchemy.exc import SQLAlchemyError

from shared.masters import Masters
from shared.wrapped import master_ids

MOST = 100_000
"""So many, or more."""

_LEFT = text("""
SELECT count(*) FROM (
    SELECT FROM record_key WHERE wrapped IS NOT NULL AND master_id = ANY(CAST(:others AS text[]))
     LIMIT :most) AS found
""")

log = structlog.get_logger()


class Rewrapping(Collector):
    """A gauge over one vault: 0 once `rekey` has come to its end."""

    def __init__(self, engine: Engine, masters: Masters) -> None:
        self._engine = engine
        self._masters = masters

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Read now, by the index; nothing while the vault is away."""
        try:
            left = self._left()
        except SQLAlchemyError as error:
            log.warning("keys uncounted", error=type(error).__name__)
            return
        yield GaugeMetricFamily(
            "cairn_rekey_waiting", "Keys that another master key wrapped than the one of now", left
        )

    def _left(self) -> int:
        with self._engine.connect() as connection:
            others = sorted(master_ids(connection) - {self._masters.wrapping().id})
            if not others:
                return 0
            return int(connection.execute(_LEFT, {"others": others, "most": MOST}).scalar_one())
