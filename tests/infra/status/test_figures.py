"""What several pages say together, and what a histogram says of those who waited."""

from __future__ import annotations

import math

import pytest

from infra.status.figures import quantile
from tests.infra.status.pages import figures

COUNTER = '# TYPE cairn_sends_total counter\ncairn_sends_total{{channel="{}",state="sent"}} {}\n'
GAUGE = "# TYPE {0} gauge\n{0} {1}\n"


def test_what_processes_counted_is_added_up() -> None:
    found = figures(COUNTER.format("sms", 3), COUNTER.format("sms", 4), COUNTER.format("email", 5))
    assert found.total("cairn_sends_total") == 12
    assert found.by("cairn_sends_total", "channel") == {("sms",): 7, ("email",): 5}
    assert found.total("cairn_sends_total", channel="sms") == 7


@pytest.mark.parametrize(
    ("name", "shown"), [("cairn_due_lag_seconds", 5), ("cairn_ledger_read", 0), ("cairn_log_read", 0)]
)
def test_of_what_the_database_says_the_worst_counts(name: str, shown: float) -> None:
    assert figures(GAUGE.format(name, 0), GAUGE.format(name, 5), GAUGE.format(name, 1)).total(name) == shown


def test_what_nobody_shows_is_not_0() -> None:
    found = figures(GAUGE.format("cairn_followers", 0))
    assert (found.total("cairn_followers"), found.most("cairn_followers")) == (0, 0)
    assert (found.total("cairn_sends_total"), found.most("cairn_sends_total")) == (None, None)
    assert found.quantile(0.5, "cairn_send_seconds") is None


@pytest.mark.parametrize(
    ("share", "seconds"),
    [(0.0, 0.0), (0.25, 0.5), (0.5, 1.0), (0.7, 3.0), (0.9, 5.0), (0.95, 5.0), (1.0, 5.0)],
)
def test_a_quantile_lies_on_a_straight_line_between_two_bounds(share: float, seconds: float) -> None:
    assert quantile(share, {1.0: 50, 5.0: 90, math.inf: 100}) == pytest.approx(seconds)


@pytest.mark.parametrize("buckets", [{}, {1.0: 0.0, math.inf: 0.0}])
def test_of_nothing_there_is_no_quantile(buckets: dict[float, float]) -> None:
    assert quantile(0.5, buckets) is None
