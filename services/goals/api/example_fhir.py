"""A Bundle as the description shows it: of a client of whom nothing is told, but who agreed to texts."""

from __future__ import annotations

from typing import Any

from services.goals.api import example_ids as ids

_BASE = "https://goals.example.org/fhir"
_HER = {"reference": f"Patient/{ids.CLIENT}"}
_SYSTEM = "http://terminology.hl7.org/CodeSystem"
_RESOURCES: list[dict[str, Any]] = [
    {"resourceType": "Patient", "id": ids.CLIENT},
    {
        "resourceType": "Consent",
        "id": ids.CONSENT,
        "meta": {"lastUpdated": "2026-12-01T14:02:11.175909Z"},
        "status": "active",
        "scope": {"coding": [{"system": f"{_SYSTEM}/consentscope", "code": "patient-privacy"}]},
        "category": [{"coding": [{"system": "http://loinc.org", "code": "59284-0"}]}],
        "patient": _HER,
        "dateTime": "2026-12-01T14:02:11.175909Z",
        "performer": [_HER],
        "policyRule": {"coding": [{"system": f"{_SYSTEM}/v3-ActCode", "code": "OPTIN"}], "text": "2026-11"},
        "provision": {"type": "permit", "period": {"start": "2026-12-01T14:02:11.175909Z"}},
    },
]
BUNDLE: dict[str, Any] = {
    "resourceType": "Bundle",
    "id": ids.CLIENT,
    "meta": {"lastUpdated": "2026-12-02T14:10:01.000000Z"},
    "type": "collection",
    "timestamp": "2026-12-02T14:10:01.000000Z",
    "entry": [
        {"fullUrl": f"{_BASE}/{one['resourceType']}/{one['id']}", "resource": one} for one in _RESOURCES
    ],
}
