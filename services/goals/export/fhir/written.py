"""A bundle as it leaves the house: checked, and as JSON in which a decimal is the number that it is."""

from __future__ import annotations

from typing import Any

import msgspec

from services.goals.export.fhir.checks.run import must_be_sound

MEDIA_TYPE = "application/fhir+json"
_JSON = msgspec.json.Encoder(decimal_format="number")


def written(bundle: dict[str, Any]) -> bytes:
    """The bundle in JSON. Raises Unsound where it is not as R4 asks; then nothing may be sent."""
    must_be_sound(bundle)
    return _JSON.encode(bundle)
