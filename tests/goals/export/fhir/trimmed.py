"""The official schema of R4 without what a bundle of ours never holds, and without its prose."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tests.goals.export.fhir.judges import KINDS

_ANY = "ResourceList"


def trimmed(official: dict[str, Any]) -> dict[str, Any]:
    """What a Bundle of these kinds of resources is checked by, word for word."""
    kept: dict[str, Any] = {}
    wanted = ["Bundle"]
    while wanted:
        name = wanted.pop()
        if name in kept:
            continue
        kept[name] = _of_ours() if name == _ANY else _without_prose(official["definitions"][name])
        wanted += _named(kept[name])
    return {"definitions": dict(sorted(kept.items()))}


def _of_ours() -> dict[str, Any]:
    return {"oneOf": [{"$ref": f"#/definitions/{kind}"} for kind in KINDS]}


def _without_prose(part: Any) -> Any:
    if isinstance(part, dict):
        return {
            name: _without_prose(held)
            for name, held in part.items()
            if name != "description" or not isinstance(held, str)
        }
    return [_without_prose(held) for held in part] if isinstance(part, list) else part


def _named(part: Any) -> Iterator[str]:
    if isinstance(part, dict):
        if isinstance(part.get("$ref"), str):
            yield part["$ref"].rpartition("/")[2]
        part = list(part.values())
    if isinstance(part, list):
        for held in part:
            yield from _named(held)
