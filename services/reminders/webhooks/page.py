"""The page behind a link of ours: a question with one button, or what came of it. No words of hers."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Literal

from flask import Response, make_response, render_template

from services.reminders.rules.catalogue import CATALOGUES, FALLBACK, language_of
from services.reminders.rules.clinic import Clinic
from services.reminders.rules.person import Person


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
    """The page; nothing of it is fetched from elsewhere, kept, or found by searching."""
    language = (
        language_of(page.person.locale, page.clinic.locale) if page.person and page.clinic else FALLBACK
    )
    words = CATALOGUES[language]
    nonce = secrets.token_urlsafe(16)
    written = render_template(
        "one-press.html",
        language=language,
        nonce=nonce,
        field=page.field,
        done=page.done,
        sender=page.clinic.sender if page.clinic else "",
        title=words.variants(f"{page.what} title")[0],
        ask=words.variants(f"{page.what} ask")[0],
        button=words.variants(f"{page.what} button")[0],
        answer=words.variants(f"{page.what} {page.answer}")[0],
    )
    answer = make_response(written)
    answer.headers["Content-Security-Policy"] = (
        f"default-src 'none'; style-src 'nonce-{nonce}'; base-uri 'none'; form-action 'self';"
        " frame-ancestors 'none'"
    )
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer
