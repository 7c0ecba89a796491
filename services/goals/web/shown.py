"""How a page is answered: a template with who is signed in, and in which language."""

from __future__ import annotations

from flask import Response, make_response, render_template

from services.goals.web.language import LANGUAGES, language


def shown(template: str, status: int = 200, **names: object) -> Response:
    """The page. Its title, language and navigation are the layout's to say."""
    page = render_template(template, language=language(), languages=LANGUAGES, **names)
    return make_response(page, status)
