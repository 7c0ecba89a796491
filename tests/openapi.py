"""What any OpenAPI document of ours must be, and whether an answer has the shape that it describes."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

ID = re.compile(r"\{(\w+)\}")
KINDS: dict[str, Any] = {
    "string": str,
    "integer": int,
    "boolean": bool,
    "null": type(None),
    "array": list,
    "object": dict,
}
FORMATS: dict[str, Callable[[str], object]] = {"uuid": UUID, "date-time": datetime.fromisoformat}


def operations(spec: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Every operation: its method, its path, its description with the parameters of its path."""
    for path, item in spec["paths"].items():
        for method, operation in item.items():
            if method != "parameters":
                parameters = [*item.get("parameters", []), *operation.get("parameters", [])]
                yield method.upper(), path, operation | {"parameters": parameters}


def served(app: Any, prefix: str = "/") -> set[tuple[str, str]]:
    """What an app serves: methods, and paths as OpenAPI writes them."""
    return {
        (method, re.sub(r"<(?:[^:>]+:)?(\w+)>", r"{\1}", rule.rule))
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
        if rule.rule.startswith(prefix)
    }


def must_be_whole(spec: dict[str, Any]) -> None:
    """It is OpenAPI 3.1, says each operation once with all of its ids, and its references lead somewhere."""
    assert spec["openapi"] == "3.1.0"
    assert spec["info"]["title"]
    assert spec["info"]["version"]
    tags = {tag["name"] for tag in spec["tags"]}
    names = []
    for _, path, operation in operations(spec):
        names.append(operation["operationId"])
        assert operation["summary"]
        assert set(operation["tags"]) <= tags
        named = [p["name"] for p in operation["parameters"] if p["in"] == "path" and p["required"]]
        assert sorted(named) == sorted(ID.findall(path))
        assert all(
            set(asked) <= set(spec["components"]["securitySchemes"]) for asked in operation["security"]
        )
        assert any(status.startswith(("2", "303")) for status in operation["responses"])
        for kind, body in operation.get("requestBody", {"content": {}})["content"].items():
            assert examples(kind, body, spec), (operation["operationId"], kind)
        for status, answer in operation["responses"].items():
            assert answer["description"]
            for kind, told in answer.get("content", {}).items():
                for example in examples(kind, told, spec):
                    assert fits(example, told["schema"], spec), (operation["operationId"], status)
            if status.startswith("3"):
                assert "content" not in answer
            elif not status.startswith("2"):
                assert set(answer["content"]) <= {"application/problem+json", "text/html"}
    assert len(names) == len(set(names))
    for ref in set(_refs(spec)):
        assert _there(spec, ref)
    assert json.dumps(spec)


def examples(kind: str, told: dict[str, Any], spec: dict[str, Any]) -> list[Any]:
    """What a body or an answer is shown as, there or with its schema. JSON and forms must be shown."""
    schema = told["schema"]
    schema = _there(spec, schema["$ref"]) if "$ref" in schema else schema
    found = [one["value"] for one in told.get("examples", {}).values()]
    found += [told["example"]] if "example" in told else schema.get("examples", [])
    assert found or kind.startswith("text/") or schema == {"type": "object"}, schema
    return found


def fits(value: object, schema: dict[str, Any], spec: dict[str, Any]) -> bool:
    """Whether a value is of a schema, and has no field that the schema does not name."""
    if "$ref" in schema:
        return fits(value, _there(spec, schema["$ref"]), spec)
    if "anyOf" in schema:
        return any(fits(value, one, spec) for one in schema["anyOf"])
    if "enum" in schema:
        return value in schema["enum"]
    if "const" in schema:
        return bool(value == schema["const"])
    if "type" not in schema:  # any value
        return True
    if type(value) is not KINDS[schema["type"]]:
        return False
    if isinstance(value, str) and schema.get("format") in FORMATS:
        return bool(FORMATS[schema["format"]](value))
    if isinstance(value, list):
        return all(fits(one, schema["items"], spec) for one in value)
    if isinstance(value, dict) and "properties" in schema:
        fields = schema["properties"]
        return set(schema["required"]) <= set(value) <= set(fields) and all(
            fits(one, fields[name], spec) for name, one in value.items()
        )
    return True


def must_load_nothing(page: Any) -> None:
    """A page that a browser shows without asking anybody for anything, and whose links lead somewhere."""
    assert (page.status_code, page.content_type) == (200, "text/html; charset=utf-8")
    assert page.headers["Content-Security-Policy"].startswith("default-src 'none'; style-src 'sha256-")
    ids = re.findall(r' id="([^"]+)"', page.text)
    assert len(ids) == len(set(ids))
    assert set(re.findall(r'href="#([^"]+)"', page.text)) <= set(ids)
    for loading in ("http://", "https://", "<script", "<link", "<img", "src=", "@import", "url("):
        assert loading not in page.text


def _refs(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        for key, value in node.items():
            if key == "$ref":
                yield value
            else:
                yield from _refs(value)
    elif isinstance(node, list):
        for value in node:
            yield from _refs(value)


def _there(spec: dict[str, Any], ref: str) -> dict[str, Any]:
    node: Any = spec
    for part in ref.removeprefix("#/").split("/"):
        node = node[part]
    found: dict[str, Any] = node
    return found
