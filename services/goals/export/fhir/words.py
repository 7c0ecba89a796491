"""Words of somebody as R4 takes them, and what stands where there are none."""

from __future__ import annotations

from typing import Any, Literal

Absent = Literal["masked", "unknown"]
"""Why something is missing: it was erased, or was never said."""
_ABSENT = "http://hl7.org/fhir/StructureDefinition/data-absent-reason"
_PLAIN = "\t\n\r "
_NO_SIGN = "\ufeff"
"""To some readers white space, to others none."""


def words(said: str | None) -> str | None:
    """The same words; None where nothing is left of them.

    R4 has no control characters, and knows four kinds of white space: others become a space.
    """
    if said is None:
        return None
    kept = "".join(_sign(sign) for sign in said)
    return kept if kept.strip() else None


def absent(why: Absent) -> dict[str, Any]:
    """What an element holds that R4 asks for, and whose value is missing."""
    return {"extension": [{"url": _ABSENT, "valueCode": why}]}


def _sign(sign: str) -> str:
    if sign in _PLAIN:
        return sign
    if sign.isspace():
        return " "
    return "" if sign < " " or sign == _NO_SIGN else sign
