"""The words of the pages: each is there in Spanish, and fills in the same names."""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_args

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from services.goals import web
from services.goals.web.names import CALLED
from services.reminders.rules.causes import Cause

ROOM = Path(web.__file__).parent
METHODS = [("**.html", "jinja2"), ("**.py", "python")]
KEYWORDS = {
    "_": None,
    "gettext": None,
    "say": None,
    "say_later": None,
    "say_in": (2,),
    "ngettext": (1, 2),
    "say_so_many": (1, 2),
}
_NAMES = re.compile(r"%\(\w+\)[sd]")


def said() -> set[str]:
    """All that the pages say, in English."""
    found = extract_from_dir(ROOM, METHODS, keywords=KEYWORDS)
    messages = [message for _, _, message, _, _ in found]
    return {message if isinstance(message, str) else message[0] for message in messages}


def spanish() -> dict[str, tuple[str, list[str]]]:
    """For each of them, by its singular: all that is said in English, and the forms in Spanish."""
    with (ROOM / "catalogues" / "es.po").open("rb") as file:
        catalog = read_po(file, locale="es")
    return {
        (ids := [one.id] if isinstance(one.id, str) else list(one.id))[0]: (
            " ".join(ids),
            [one.string] if isinstance(one.string, str) else list(one.string or ()),
        )
        for one in catalog
        if one.id
    }


def test_everything_is_said_in_spanish_as_well() -> None:
    known = spanish()
    assert sorted(said() - {words for words, (_, forms) in known.items() if all(forms)}) == []


def test_the_catalogue_says_nothing_that_no_page_says() -> None:
    assert sorted(set(spanish()) - said()) == []


@pytest.mark.parametrize("words", sorted(spanish()))
def test_a_translation_fills_in_the_same_names(words: str) -> None:
    english, forms = spanish()[words]
    for form in forms:
        assert set(_NAMES.findall(form)) <= {*_NAMES.findall(english), "%(num)d"}


def test_whatever_holds_a_message_back_has_a_name() -> None:
    assert sorted(set(get_args(Cause)) - set(CALLED["cause"])) == []
