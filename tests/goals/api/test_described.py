"""What the service says of itself is whole, and needs nothing from elsewhere."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from tests.goals.api.callers import Knock

ID = re.compile(r"\{(\w+)\}")


def refs(node: Any) -> Iterator[str]:
    """Every reference within a description."""
    if isinstance(node, dict):
        for key, value in node.items():
            if key == "$ref":
                yield value
            else:
                yield from refs(value)
    elif isinstance(node, list):
        for value in node:
            yield from refs(value)


@pytest.fixture
def spec(knock: Knock) -> dict[str, Any]:
    """The description as a caller without a token gets it."""
    answer = knock(None, "GET", "/openapi.json")
    assert answer.status_code == 200
    return dict(answer.json)


def test_every_operation_is_described_whole(spec: dict[str, Any], knock: Knock) -> None:
    assert spec["openapi"] == "3.1.0"
    seen = set()
    for path, item in spec["paths"].items():
        shared = item.get("parameters", [])
        for method, operation in item.items():
            if method == "parameters":
                continue
            seen.add((method.upper(), path))
            assert operation["summary"]
            assert operation["security"] == [{"bearer": []}]
            named = {p["name"] for p in [*shared, *operation.get("parameters", [])] if p["in"] == "path"}
            assert named == set(ID.findall(path))
            assert "200" in operation["responses"]
            assert "401" in operation["responses"]
            assert all(answer["description"] for answer in operation["responses"].values())
            if method == "put":
                assert operation["requestBody"]["content"]["application/json"]["schema"]
    served = {
        (method, re.sub(r"<(?:[^:>]+:)?(\w+)>", r"{\1}", rule.rule))
        for rule in knock.app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
        if rule.rule.startswith("/v1/")
    }
    assert seen == served


def test_every_reference_leads_somewhere(spec: dict[str, Any]) -> None:
    for ref in set(refs(spec)):
        node: Any = spec
        for part in ref.removeprefix("#/").split("/"):
            node = node[part]
        assert node
    names = [o["operationId"] for i in spec["paths"].values() for m, o in i.items() if m != "parameters"]
    assert len(names) == len(set(names))
    assert json.dumps(spec)


def test_a_body_says_what_it_takes(spec: dict[str, Any]) -> None:
    practice = spec["components"]["schemas"]["PracticeBody"]
    assert practice["additionalProperties"] is False
    assert practice["properties"]["quantity"]["type"] == ["integer", "string"]
    assert practice["properties"]["on"] == {"type": "string", "format": "date"}


def test_it_can_be_read_by_a_person_and_loads_nothing_from_elsewhere(knock: Knock) -> None:
    page = knock(None, "GET", "/docs")
    assert (page.status_code, page.content_type) == (200, "text/html; charset=utf-8")
    assert "/v1/goals/{goal}/history" in page.text
    assert "AdjustmentBody" in page.text
    assert "http://" not in page.text
    assert "https://" not in page.text
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]
