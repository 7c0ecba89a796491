"""Checks of a Goal: the two that the library lets pass, and that its two states fit together."""

from __future__ import annotations

from typing import Any

from services.goals.export.fhir.codes import ACHIEVEMENT
from services.goals.export.fhir.status import AT_ITS_END, UNDER_WAY

_LIFECYCLE: dict[str, frozenset[str | None]] = {
    "proposed": frozenset({None}),
    "planned": frozenset({None}),
    "active": UNDER_WAY,
    "on-hold": UNDER_WAY | {None},
    "completed": AT_ITS_END,
    "cancelled": frozenset({None}),
    "entered-in-error": frozenset({None}),
}
"""What may be said of a goal's achievement at each place of its life cycle."""
_LIFECYCLES = {*_LIFECYCLE, "accepted", "rejected"}


def lifecycle_is_one_of_r4(goal: dict[str, Any]) -> bool:
    """lifecycleStatus is of the required value set goal-status."""
    return goal.get("lifecycleStatus") in _LIFECYCLES


def a_detail_has_its_measure(goal: dict[str, Any]) -> bool:
    """gol-1: how far without what is no target."""
    targets = goal.get("target", ())
    return all("measure" in one or not any(name.startswith("detail") for name in one) for one in targets)


def achievement_fits_the_lifecycle(goal: dict[str, Any]) -> bool:
    """DOMAIN's table: a goal let go has no achievement, one at its end has one of two, and so on."""
    fitting = _LIFECYCLE.get(str(goal.get("lifecycleStatus")))
    return fitting is None or _achieved(goal) in fitting


def _achieved(goal: dict[str, Any]) -> str | None:
    codings = goal.get("achievementStatus", {}).get("coding", ())
    return next((one["code"] for one in codings if one.get("system") == ACHIEVEMENT), None)
