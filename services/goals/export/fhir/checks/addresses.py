"""Checks of a bundle's addresses: each resource has its own, and what is named is there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

Entry = dict[str, Any]
_VERSION = "/_history/"


def told_apart(entries: list[Entry]) -> Iterator[Entry]:
    """bdl-7: those of one address have different versions."""
    seen: set[tuple[str, str | None]] = set()
    for entry in entries:
        place = (entry["fullUrl"], _version(entry))
        if place in seen:
            yield entry
        seen.add(place)


def of_no_version(entries: list[Entry]) -> Iterator[Entry]:
    """bdl-8: an address is not that of one version."""
    return (entry for entry in entries if _VERSION in entry["fullUrl"])


def of_their_own(entries: list[Entry]) -> Iterator[Entry]:
    """An address ends in the resource's type and id."""
    return (entry for entry in entries if not entry["fullUrl"].endswith(f"/{_name(entry)}"))


def all_there(entries: list[Entry]) -> Iterator[Entry]:
    """Whatever a resource refers to by its address is in the bundle, in the version that is named."""
    names = {_name(entry) for entry in entries}
    names |= {f"{_name(entry)}{_VERSION}{_version(entry)}" for entry in entries}
    for entry in entries:
        if not set(_references(entry["resource"])) <= names:
            yield entry


def in_order(entries: list[Entry]) -> Iterator[Entry]:
    """The versions of a resource come one after the other, as they were made."""
    last: dict[str, str] = {}
    for entry in entries:
        made = entry["resource"].get("meta", {}).get("lastUpdated", "")
        if made < last.get(entry["fullUrl"], ""):
            yield entry
        last[entry["fullUrl"]] = made


def _name(entry: Entry) -> str:
    return f"{entry['resource']['resourceType']}/{entry['resource']['id']}"


def _version(entry: Entry) -> str | None:
    version: str | None = entry["resource"].get("meta", {}).get("versionId")
    return version


def _references(held: Any) -> Iterator[str]:
    if isinstance(held, dict):
        if isinstance(held.get("reference"), str):
            yield held["reference"]
        for part in held.values():
            yield from _references(part)
    elif isinstance(held, list):
        for part in held:
            yield from _references(part)
