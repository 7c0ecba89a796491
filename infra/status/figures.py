"""The figures of all processes as one, by docs/metrics.md: counters added up, of what waits the most."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from prometheus_client import Metric

Labels = frozenset[tuple[str, str]]
WORST_IS_LEAST = frozenset({"cairn_ledger_read", "cairn_log_read"})
"""1 where a database can be read: one process that cannot is enough to say so."""


class Figures:
    """What is shown. A figure that no process shows is None: nobody knows, which is not 0."""

    def __init__(self, pages: Iterable[Sequence[Metric]]) -> None:
        self._known: dict[str, dict[Labels, float]] = defaultdict(dict)
        for page in pages:
            for metric in page:
                self._take(metric)

    def by(self, name: str, *labels: str, **only: str) -> dict[tuple[str, ...], float]:
        """The figure by these labels, added up over the others; of the series that say what `only` does."""
        sums: dict[tuple[str, ...], float] = defaultdict(float)
        for series, value in self._known.get(name, {}).items():
            said = dict(series)
            if said.items() >= only.items():
                sums[tuple(said.get(label, "") for label in labels)] += value
        return dict(sums)

    def total(self, name: str, **only: str) -> float | None:
        """All series of a figure, added up."""
        return self.by(name, **only).get(())

    def most(self, name: str) -> float | None:
        """The highest of its series."""
        return max(self._known.get(name, {}).values(), default=None)

    def quantile(self, share: float, name: str, **only: str) -> float | None:
        """Below which value such a share of what a histogram has seen is, as PromQL's histogram_quantile."""
        buckets = {float(le): count for (le,), count in self.by(f"{name}_bucket", "le", **only).items()}
        return quantile(share, buckets)

    def _take(self, metric: Metric) -> None:
        for sample in metric.samples:
            known, series = self._known[sample.name], frozenset(sample.labels.items())
            if series not in known:
                known[series] = sample.value
            elif metric.type in {"counter", "histogram"}:
                known[series] += sample.value
            else:
                worse = min if sample.name in WORST_IS_LEAST else max
                known[series] = worse(known[series], sample.value)


def quantile(share: float, buckets: Mapping[float, float]) -> float | None:
    """By straight lines between the bounds; what lies beyond the last counts as at it. Of nothing, None."""
    bounds = sorted(buckets)
    if not bounds or not buckets[bounds[-1]]:
        return None
    rank = share * buckets[bounds[-1]]
    below, seen = 0.0, 0.0
    for bound in bounds:
        if buckets[bound] >= rank:
            if math.isinf(bound):
                return below
            return below + (bound - below) * (rank - seen) / (buckets[bound] - seen)
        below, seen = bound, buckets[bound]
    return below
