"""The official examples of R4: nobody finds them wrong, and what is read of them is written again."""

from __future__ import annotations

import json
from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.goals.export.fhir.judges import OFFICIAL, SCHEMA, by_checks, by_library, by_schema, model

EXAMPLES = sorted(set(OFFICIAL.glob("*.json")) - {SCHEMA})


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.stem)
def test_an_official_example_is_taken_by_all_three_and_comes_back_whole(example: Path) -> None:
    raw = example.read_bytes()
    resource = json.loads(raw)
    kind = resource["resourceType"]
    assert by_library(kind, raw) == []
    assert by_schema(kind, raw) == []
    assert by_checks(resource) == []
    assert exact(model(kind).model_validate_json(raw).model_dump_json()) == exact(raw)


def test_there_are_some_of_each_kind() -> None:
    kinds = Counter(example.stem.partition("-")[0] for example in EXAMPLES)
    assert set(kinds) == {"Patient", "Goal", "Observation", "Provenance", "Communication", "Consent"}
    assert min(kinds.values()) >= 2


def exact(raw: bytes | str) -> Any:
    """JSON with each decimal as it is, however many digits it has."""
    return json.loads(raw, parse_float=Decimal)
