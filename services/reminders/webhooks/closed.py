"""A page for a link that opens nothing: how to get one that does, and nothing about anybody."""

from __future__ import annotations

from typing import Literal

from flask import Response, request

from services.reminders.rules.catalogue import CATALOGUES, FALLBACK, LANGUAGES
from services.reminders.webhooks.rendered import rendered
from services.reminders.webhooks.spoken import Spoken


def closed(why: Literal["ended", "not ours"], status: int) -> Response:
    """The page. Whose link it was is not told, not even by her language: it is the browser's."""
    language = request.accept_languages.best_match(LANGUAGES) or FALLBACK
    return rendered("closed.html", status, say=Spoken(CATALOGUES[language], "UTC"), why=why)
