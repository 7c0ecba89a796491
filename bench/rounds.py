"""Side by side: what is compared takes turns, so that a drift of the machine meets all of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

Found = TypeVar("Found")
Progress = Callable[[str], None]
"""Told what is being done now, in a few words."""


def interleaved(
    names: Sequence[str], rounds: int, run: Callable[[str], Found], progress: Progress
) -> dict[str, list[Found]]:
    """Runs A B C, A B C …; what each run found, by name, in the order of the rounds.

    A first turn of each is thrown away: caches, plans and connections are then warm.
    """
    found: dict[str, list[Found]] = {name: [] for name in names}
    for name in names:
        progress(f"warming up: {name}")
        run(name)
    for number in range(1, rounds + 1):
        for name in names:
            progress(f"round {number} of {rounds}: {name}")
            found[name].append(run(name))
    return found
