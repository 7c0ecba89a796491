"""Every word of a sheet is there in each of its languages."""

from __future__ import annotations

import msgspec
import pytest

from services.goals.export.sheet.rows import COLUMNS, OF_THE_LOG, OF_THE_ROW
from services.goals.export.sheet.words import CODES, phrase, word
from shared.events import EVENTS

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


def test_a_language_without_a_catalogue_reads_english() -> None:
    assert word("too_hard", "fr") == word("too_hard", "en") == "too hard"
