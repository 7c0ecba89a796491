"""docs/events.md against the code: every event, every field, every mark, and nothing else."""

from __future__ import annotations

import re
from pathlib import Path
from types import ModuleType
from typing import Any, Literal, get_args, get_origin, get_type_hints

import msgspec
import pytest

from services.goals.rules import client_events, goal
from shared import clinic
from shared.events import EVENTS, Event, PracticeLogged, Value
from shared.lanes import lane_of
from shared.personal import GRANTED_FIELDS, SEALED_FIELDS, split
from shared.wire import from_cloudevent, to_cloudevent
from tests.controls import CONSENT, GOAL, TODAY, history

PAGE = (Path(__file__).parents[2] / "docs" / "events.md").read_text()
STREAMS: dict[str, ModuleType] = {"clinic": clinic, "client": client_events, "goal": goal}
"""Which fold takes in the events of which stream."""


def rows(heading: str) -> list[str]:
    """The table below a heading of the page, without its head."""
    found = re.search(rf"^## {heading}\n.*?^\|---.*?\n(.*?)\n\n", PAGE, re.MULTILINE | re.DOTALL)
    assert found, f"docs/events.md has no table below '## {heading}'"
    return found[1].splitlines()


def event_row(kind: type[Event]) -> str:
    """An event as its row should be: its type, whose stream, what it says, its fields."""
    streams = " or ".join(name for name, fold in STREAMS.items() if hasattr(fold, kind.__name__))
    fields = ", ".join(_field(kind, field) for field in msgspec.structs.fields(kind))
    return f"| `{kind.TYPE}` | {streams} | {kind.__doc__} | {fields} |"


def part_row(kind: type[Value]) -> str:
    """A part of an event's data as its row should be."""
    fields = ", ".join(
        f"`{field.encode_name}`{'' if field.required else '?'}" for field in msgspec.structs.fields(kind)
    )
    return f"| `{kind.__name__.lower()}` | {kind.__doc__} | {fields} |"


def words() -> dict[str, str]:
    """Each field that takes one of a few words, by where it stands: the words."""
    found: dict[str, str] = {}
    for kind in (*EVENTS.values(), *Value.__subclasses__()):
        name = (
            kind.TYPE.removeprefix("cairn.").rpartition(".")[0]
            if issubclass(kind, Event)
            else kind.__name__.lower()
        )
        for field, hint in get_type_hints(kind).items():
            if field != "TYPE" and (taken := _words(hint)):
                found[f"`{name}` {field}"] = ", ".join(taken)
    return found


@pytest.mark.parametrize("kind", EVENTS.values(), ids=lambda kind: kind.TYPE)
def test_an_event_stands_on_the_page_as_it_is_in_the_code(kind: type[Event]) -> None:
    assert event_row(kind) in rows("Every event")


def test_the_page_names_no_event_that_does_not_exist() -> None:
    assert len(rows("Every event")) == len(EVENTS)


@pytest.mark.parametrize("kind", Value.__subclasses__(), ids=lambda kind: kind.__name__)
def test_a_part_of_the_data_stands_on_the_page_as_it_is_in_the_code(kind: type[Value]) -> None:
    assert part_row(kind) in rows("Parts")
    assert len(rows("Parts")) == len(Value.__subclasses__())


def test_the_words_that_a_field_takes_are_those_of_the_code() -> None:
    listed: dict[str, str] = {}
    for row in rows("Words"):
        where, taken = row.strip("| ").split(" | ")
        listed |= dict.fromkeys(where.split(", "), taken)
    assert listed == words()


def test_the_example_is_what_the_feed_gives() -> None:
    block = re.search(r"```json\n(.*?)```", PAGE, re.DOTALL)
    assert block
    example: dict[str, Any] = msgspec.json.decode(block[1])
    event = from_cloudevent(example)
    assert to_cloudevent(event, *split(event.data), granted=True) == example
    assert example["lane"] == lane_of(event.record_id)


def test_the_page_says_what_each_attribute_is() -> None:
    told = {name for row in rows("As a CloudEvent") for name in re.findall(r"`(\w+)`", row.split("|")[1])}
    practised = PracticeLogged(practice_id=CONSENT, on=TODAY, quantity=1)
    event = msgspec.structs.replace(history((GOAL, practised))[0], causation_id="c", traceparent="t")
    given = to_cloudevent(event, *split(event.data), granted=True)
    assert told == set(given) - {"specversion", "datacontenttype", "data"}


def test_a_type_ends_in_the_version_of_its_shape() -> None:
    assert all(re.fullmatch(r"cairn\.[a-z]+\.[a-z_]+\.v[1-9]\d*", name) for name in EVENTS)


def _field(kind: type[Event], field: msgspec.structs.FieldInfo) -> str:
    if field.name in GRANTED_FIELDS[kind]:
        return f"`{field.encode_name}` §→"
    if field.name in SEALED_FIELDS[kind]:
        return f"`{field.encode_name}` §"
    return f"`{field.encode_name}`{'' if field.required else '?'}"


def _words(hint: object) -> tuple[str, ...]:
    if get_origin(hint) is Literal:
        return tuple(str(word) for word in get_args(hint))
    return tuple(word for part in get_args(hint) for word in _words(part))
