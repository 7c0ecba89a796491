"""Checks of the codes that R4 requires and of which it is said how they go together."""

from __future__ import annotations

from typing import Any

_STATUS: dict[str, frozenset[str]] = {
    "Observation": frozenset({"registered", "preliminary", "final", "amended", "corrected", "cancelled",
                              "entered-in-error", "unknown"}),
    "Communication": frozenset({"preparation", "in-progress", "not-done", "on-hold", "stopped", "completed",
                                "entered-in-error", "unknown"}),
    "Consent": frozenset({"draft", "proposed", "active", "rejected", "inactive", "entered-in-error"}),
}  # fmt: skip


def status_is_one_of_r4(resource: dict[str, Any]) -> bool:
    """status is of the value set that is required of its resource."""
    known = _STATUS.get(resource["resourceType"])
    return known is None or resource.get("status") in known


def no_value_beside_why_there_is_none(observation: dict[str, Any]) -> bool:
    """obs-6: dataAbsentReason is there only where no value is."""
    return not (_has_value(observation) and "dataAbsentReason" in observation)


def no_component_says_the_value_again(observation: dict[str, Any]) -> bool:
    """obs-7: where a component has the code of the whole, the whole has no value."""
    codes = _codings(observation)
    again = any(codes & _codings(part) for part in observation.get("component", ()))
    return not (again and _has_value(observation))


def a_consent_names_its_rule(consent: dict[str, Any]) -> bool:
    """ppc-1: either policy or policyRule."""
    return "policy" in consent or "policyRule" in consent


def a_consent_names_its_patient(consent: dict[str, Any]) -> bool:
    """ppc-2 to ppc-5: whatever its scope."""
    return "patient" in consent


def nothing_revises_itself(provenance: dict[str, Any]) -> bool:
    """A revision is of another version than of the one that came of it."""
    targets = [one.get("reference") for one in provenance["target"]]
    revised = [one["what"] for one in provenance.get("entity", ()) if one["role"] == "revision"]
    return all(what.get("reference") not in targets for what in revised)


def _has_value(observation: dict[str, Any]) -> bool:
    return any(name.startswith("value") for name in observation)


def _codings(part: dict[str, Any]) -> set[tuple[str | None, str | None]]:
    return {(one.get("system"), one.get("code")) for one in part.get("code", {}).get("coding", ())}
