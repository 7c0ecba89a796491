"""Every word of a sheet is there in each of its languages."""

from __future__ import annotations

import typing
from collections.abc import Iterator
from typing import Any, Literal

import msgspec
import pytest

from services.goals.export.sheet.rows import COLUMNS, OF_THE_LOG, OF_THE_ROW
from services.goals.export.sheet.words import CODES, phrase, word
from shared.events import EVENTS, Cadence, Measure

TYPES = {name.removeprefix("cairn.").rpartition(".")[0] for name in EVENTS}
OF_A_CLIENT = {name for name in TYPES if not name.startswith(("clinic.", "staff."))}
FIELDS = {
    field.encode_name
    for name, event in EVENTS.items()
    if name.removeprefix("cairn.").rpartition(".")[0] in OF_A_CLIENT
    for field in msgspec.structs.fields(event)
}
SAID = {
    *COLUMNS,
    *OF_A_CLIENT,
    *CODES,
    *(field for field in FIELDS - OF_THE_ROW - OF_THE_LOG if not field.endswith("_id")),
    "yes",
    "no",
}
ALIKE = {"no", "sms", "trauma"}
"""Words that are the same in both."""


@pytest.mark.parametrize("code", sorted(SAID))
def test_a_word_is_there_in_spanish(code: str) -> None:
    assert word(code, "es-MX") != phrase(code) or code in ALIKE


def test_what_is_chosen_of_a_few_is_a_word_of_ours() -> None:
    kinds = [event for name, event in EVENTS.items() if name.split(".")[1] not in ("clinic", "staff")]
    hints = [hint for kind in (*kinds, Cadence, Measure) for hint in typing.get_type_hints(kind).values()]
    assert {code for hint in hints for code in _chosen_of(hint)} <= CODES


def _chosen_of(hint: Any) -> Iterator[str]:
    if typing.get_origin(hint) is Literal:
        yield from typing.get_args(hint)
    for part in typing.get_args(hint) if typing.get_origin(hint) is not Literal else ():
        yield from _chosen_of(part)


def test_a_language_without_a_catalogue_reads_english() -> None:
    assert word("too_hard", "fr") == word("too_hard", "en") == "too hard"
