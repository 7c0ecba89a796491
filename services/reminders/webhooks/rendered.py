"""How a page for a client is answered: styled by itself; not kept, framed, found, or passed on."""

from __future__ import annotations

import secrets

from flask import Response, make_response, render_template


def rendered(template: str, status: int = 200, **names: object) -> Response:
    """The page. Its address is a key, so nothing of it goes where a key must not."""
    nonce = secrets.token_urlsafe(16)
    answer = make_response(render_template(template, nonce=nonce, **names), status)
    answer.headers["Content-Security-Policy"] = (
        f"default-src 'none'; style-src 'nonce-{nonce}'; base-uri 'none'; form-action 'self';"
        " frame-ancestors 'none'"
    )
    answer.headers["X-Robots-Tag"] = "noindex"
    # The defaults of every answer, said here for what depends on them.
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer
