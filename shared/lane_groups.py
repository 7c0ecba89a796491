"""Lanes as figures show them: sixteen groups, so that a process has sixteen series and not 256."""

from __future__ import annotations

from collections.abc import Mapping

from shared.lanes import LANES

SIZE = 16
GROUPS = tuple(f"{first}-{first + SIZE - 1}" for first in range(0, LANES, SIZE))


def group_of(lane: int) -> str:
    """The group of a lane, as the feed names lanes: `16-31`."""
    return GROUPS[lane // SIZE]


def summed(positions: Mapping[int, int]) -> dict[str, int]:
    """The positions of each group's lanes, added up: so many events."""
    sums = dict.fromkeys(GROUPS, 0)
    for lane, position in positions.items():
        sums[group_of(lane)] += position
    return sums
