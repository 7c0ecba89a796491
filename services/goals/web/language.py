"""What language a page is in, and its words: English as they stand in the templates, others by catalogue."""

from __future__ import annotations

from gettext import NullTranslations
from pathlib import Path
from typing import Any

from flask import Flask, g, has_request_context, request

from shared.catalogue import compiled

LANGUAGES = {"en": "English", "es": "Español"}
"""What each is called by those who speak it."""
FALLBACK = "en"
CATALOGUES = Path(__file__).parent / "catalogues"


def _read() -> dict[str, NullTranslations]:
    read: dict[str, NullTranslations] = {FALLBACK: NullTranslations()}
    for file in CATALOGUES.glob("*.po"):
        _, read[file.stem] = compiled(file.stem, file.read_bytes())
    return read


WORDS = _read()


def language() -> str:
    """The language of the page that is being answered."""
    chosen = g.get("language") if has_request_context() else None
    if chosen in LANGUAGES:
        return str(chosen)
    asked = request.accept_languages.best_match(LANGUAGES) if has_request_context() else None
    return asked or FALLBACK


def say(words: str, **names: object) -> str:
    """Words of ours in the language of the page, with the named values filled in."""
    return say_in(language(), words, **names)


def tongue_of(locale: str) -> str:
    """The language of ours that somebody reads whose locale this is."""
    found = locale.replace("_", "-").partition("-")[0].lower()
    return found if found in LANGUAGES else FALLBACK


def say_in(tongue: str, words: str, **names: object) -> str:
    """Words of ours in a language of ours, with the named values filled in."""
    said = WORDS[tongue].gettext(words)
    return said % names if names else said


def say_so_many(one: str, many: str, count: int, **names: object) -> str:
    """Words for a number of things."""
    return WORDS[language()].ngettext(one, many, count) % ({"num": count} | names)


def install(app: Flask) -> None:
    """Gives the templates `_()`, `ngettext()` and `{% trans %}`."""
    env: Any = app.jinja_env
    env.add_extension("jinja2.ext.i18n")
    env.install_gettext_callables(_gettext, _ngettext, newstyle=True)


def _gettext(words: str) -> str:
    return WORDS[language()].gettext(words)


def _ngettext(one: str, many: str, count: int) -> str:
    return WORDS[language()].ngettext(one, many, count)
