"""What a test or a person may tell and ask the stand-in, over HTTP, beside the provider's own API."""

from __future__ import annotations

from dataclasses import asdict

import msgspec
from flask import Blueprint, Response, jsonify, request

from infra.standin.provider import Provider
from infra.standin.script import Script
from infra.standin.texts import Text


def admin(provider: Provider) -> Blueprint:
    """The routes below /standin."""
    pages = Blueprint("standin", __name__, url_prefix="/standin")

    @pages.put("/numbers/<number>")
    def script(number: str) -> Response:
        provider.scripts.set(number, msgspec.json.decode(request.data, type=list[Script]))
        return Response(status=204)

    @pages.put("/usually")
    def usually() -> Response:
        provider.scripts.usually(msgspec.json.decode(request.data, type=Script))
        return Response(status=204)

    @pages.get("/accepted")
    def accepted() -> Response:
        """Every message it has accepted, and what was accepted more than once."""
        items = [asdict(message) for message in provider.accepted.all()]
        body = {"count": len(items), "twice": provider.accepted.twice(), "items": items}
        return Response(msgspec.json.encode(body), content_type="application/json")

    @pages.get("/told")
    def told() -> Response:
        return jsonify(items=[asdict(one) for one in provider.callbacks.told])

    @pages.post("/callbacks")
    def let_go() -> Response:
        return jsonify(made=provider.callbacks.let_go())

    @pages.post("/texts")
    def text() -> Response:
        """A phone writes a text; what the webhook answered."""
        return jsonify(answer=provider.texts.bring(msgspec.json.decode(request.data, type=Text)))

    @pages.delete("/")
    def forget() -> Response:
        provider.forget()
        return Response(status=204)

    @pages.errorhandler(msgspec.DecodeError)
    @pages.errorhandler(msgspec.ValidationError)
    def unreadable(wrong: Exception) -> Response:
        answer = jsonify(error=f"A script is not so: {wrong}")
        answer.status_code = 400
        return answer

    return pages
