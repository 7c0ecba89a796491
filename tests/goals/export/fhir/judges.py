"""Those who say whether a resource is R4: the library, the official schema, and our own checks."""

from __future__ import annotations

import json
from decimal import Decimal
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

import jsonschema_rs
from pydantic import ValidationError

from services.goals.export.fhir.checks.run import found, of_resource
from services.goals.export.fhir.written import written

OFFICIAL = Path(__file__).parent / "official"
SCHEMA = OFFICIAL / "fhir.schema.json"
KINDS = ("Patient", "Goal", "Observation", "Provenance", "Communication", "Consent", "OperationOutcome")
"""What a bundle of ours holds."""
Resource = dict[str, Any]


def must_be_r4(bundle: Resource) -> Resource:
    """Asserts that all three take it; gives it as its reader has it."""
    raw = written(bundle)
    read = json.loads(raw, parse_float=Decimal)
    assert by_library("Bundle", raw) == []
    assert by_schema("Bundle", raw) == []
    assert list(found(read)) == []
    return json.loads(raw)  # type: ignore[no-any-return]


def by_library(kind: str, raw: bytes) -> list[str]:
    """What fhir.resources has against it."""
    try:
        model(kind).model_validate_json(raw)
    except ValidationError as error:
        return [f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors()]
    return []


def by_schema(kind: str, raw: bytes) -> list[str]:
    """What the official schema has against it."""
    return [f"{one.instance_path}: {one.message[:200]}" for one in _schema(kind).iter_errors(json.loads(raw))]


def by_checks(resource: Resource) -> list[str]:
    """The checks of ours that it does not pass."""
    return of_resource(resource)


@cache
def model(kind: str) -> Any:
    """The library's class of a resource."""
    return getattr(import_module(f"fhir.resources.R4B.{kind.lower()}"), kind)


@cache
def _schema(kind: str) -> Any:
    official = json.loads(SCHEMA.read_bytes())
    return jsonschema_rs.Draft6Validator({"$ref": f"#/definitions/{kind}"} | official)
