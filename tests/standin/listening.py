"""A webhook that keeps what it is told, and judges its signature as the SDK does."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from flask import Flask, request
from twilio.request_validator import RequestValidator  # type: ignore[import-untyped]

from tests.serving import serving


@dataclass
class Heard:
    """What came: path with query, status, error code; and whether each was signed for `public_url`."""

    token: str
    public_url: str = ""
    calls: list[tuple[str, str, str | None]] = field(default_factory=list)
    genuine: list[bool] = field(default_factory=list)

    def statuses(self) -> list[str]:
        return [status for _, status, _ in self.calls]


@contextmanager
def webhook(token: str) -> Iterator[tuple[str, Heard]]:
    """Listens at the URL that it gives."""
    heard, app = Heard(token), Flask(__name__)

    @app.post("/<path:path>")
    def hear(path: str) -> tuple[str, int]:
        signed_for = heard.public_url + request.full_path.rstrip("?")
        signature = request.headers["X-Twilio-Signature"]
        heard.genuine.append(RequestValidator(heard.token).validate(signed_for, request.form, signature))
        form = request.form
        heard.calls.append((request.full_path.rstrip("?"), form["MessageStatus"], form.get("ErrorCode")))
        return "", 204

    with serving(app) as heard.public_url:
        yield heard.public_url, heard
