"""Which fields of an event are personal (§), and an event parted into what is clear and what is sealed."""

from __future__ import annotations

from typing import Any, get_type_hints

import msgspec

from shared.events import EVENTS, Event, GoalAdjusted, GoalDrafted, GoalSet


def _fields_with(extra: str) -> dict[type[Event], frozenset[str]]:
    def holds(hint: Any) -> bool:
        metas = [meta for meta in getattr(hint, "__metadata__", ()) if isinstance(meta, msgspec.Meta)]
        return any(meta.extra and extra in meta.extra for meta in metas)

    return {
        event: frozenset(
            n for n, hint in get_type_hints(event, include_extras=True).items() if n != "TYPE" and holds(hint)
        )
        for event in EVENTS.values()
    }


SEALED_FIELDS = _fields_with("sealed")
"""The personal fields of each event."""
_IN_ORDER = {event: tuple(sorted(names)) for event, names in SEALED_FIELDS.items()}
GRANTED_FIELDS = _fields_with("granted")
"""Of those, the ones that the reminder service is given on the feed."""
SEALED_GOAL_FIELDS = SEALED_FIELDS[GoalSet] | SEALED_FIELDS[GoalDrafted]
"""The personal fields of a goal; an adjustment's `from` and `to` of them are sealed too."""


def split(event: Event) -> tuple[dict[str, Any], dict[str, Any]]:
    """Parts an event into what may be stored in clear and what must be sealed ({} when nothing is)."""
    clear: dict[str, Any] = msgspec.to_builtins(event)
    sealed = {}
    for name in _IN_ORDER[type(event)]:
        value = clear.pop(name, None)
        if value is not None:
            sealed[name] = value
    if isinstance(event, GoalAdjusted):
        hidden = {c["field"]: [c["from"], c["to"]] for c in clear["changes"] if _is_personal(c)}
        clear["changes"] = [{"field": c["field"]} if _is_personal(c) else c for c in clear["changes"]]
        if hidden:
            sealed["changes"] = hidden
    return clear, sealed


def join(kind: type[Event], clear: dict[str, Any], sealed: dict[str, Any] | None) -> Event:
    """Puts an event together again; without `sealed` (erased, not granted) its personal fields are None."""
    whole = dict(clear)
    hidden = dict(sealed or {})
    if kind is GoalAdjusted:
        changed = hidden.pop("changes", {})
        whole["changes"] = [
            c | {"from": changed[c["field"]][0], "to": changed[c["field"]][1]} if c["field"] in changed else c
            for c in clear["changes"]
        ]
    return msgspec.convert(whole | hidden, kind)


def _is_personal(change: dict[str, Any]) -> bool:
    return change["field"] in SEALED_GOAL_FIELDS
