"""The page behind a link of ours: a question with one button, or what came of it. No words of hers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from flask import Response

from services.reminders.rules.catalogue import CATALOGUES, FALLBACK, language_of
from services.reminders.rules.person import Person
from services.reminders.webhooks.rendered import rendered
from shared.clinic import Clinic


@dataclass(frozen=True)
class Page:
    """Which page, in the language of the person that it is for, from her clinic."""

    what: Literal["unsubscribe", "confirm"]
    person: Person | None
    clinic: Clinic | None
    done: bool
    answer: Literal["done", "over"] = "done"
    """What is said in place of the question."""
    field: tuple[str, str] | None = None
    """A field of the form, and its value."""


def shown(page: Page) -> Response:
    """The page."""
    language = (
        language_of(page.person.locale, page.clinic.locale) if page.person and page.clinic else FALLBACK
    )
    words = CATALOGUES[language]
    return rendered(
        "one-press.html",
        language=language,
        field=page.field,
        done=page.done,
        sender=page.clinic.sender if page.clinic else "",
        title=words.variants(f"{page.what} title")[0],
        ask=words.variants(f"{page.what} ask")[0],
        button=words.variants(f"{page.what} button")[0],
        answer=words.variants(f"{page.what} {page.answer}")[0],
    )
