"""Weeks of clients under faults from a seed: every promise holds after every step; `make soak` has more."""

from __future__ import annotations

import os

import pytest

from tests.simulation.course import course

pytestmark = pytest.mark.timeout(600)

STEPS = int(os.environ.get("CAIRN_SIMULATION_STEPS", "300_000"))
"""Of all seeds together."""
SEEDS = [f"week {number}" for number in range(10)]
"""As many, so that the cores share them."""


@pytest.mark.parametrize("seed", SEEDS)
def test_whatever_fails_every_promise_holds_after_every_step(seed: str) -> None:
    tally = course(seed, STEPS // len(SEEDS))
    assert tally.failure is None, str(tally.failure)
    assert tally.died > tally.episodes  # else there was little to hold
    assert tally.handed > tally.episodes
