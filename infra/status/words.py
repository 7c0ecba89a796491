"""Figures as a person reads them."""

from __future__ import annotations

from collections.abc import Mapping

UNKNOWN = "?"
"""Of what no process said."""
_UNITS = ((86_400, "d"), (3_600, "h"), (60, "min"))


def lasting(seconds: float | None) -> str:
    """A time in a unit that suits it: 22 ms, 3 s, 5 min."""
    if seconds is None:
        return UNKNOWN
    for size, unit in _UNITS:
        if seconds >= 2 * size:
            return f"{seconds / size:.0f} {unit}"
    return f"{seconds * 1000:.0f} ms" if 0 < seconds < 1 else f"{seconds:.0f} s"


def counted(number: float | None) -> str:
    """A count, with its thousands apart."""
    return UNKNOWN if number is None else f"{number:,.0f}"


def each(numbers: Mapping[str, float]) -> str:
    """What there is of each kind, the most first: `quiet hours 3, cap 1`."""
    some = sorted(((number, name) for name, number in numbers.items() if number), reverse=True)
    return ", ".join(f"{name.replace('_', ' ')} {counted(number)}" for number, name in some) or "none"
