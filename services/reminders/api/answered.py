"""A page as it is answered: as JSON, or that whoever asks has it already."""

from __future__ import annotations

import msgspec
from flask import Response, jsonify, request

from shared.unchanged import unless_held


def answered(page: msgspec.Struct) -> Response:
    """The page, with the tag that it is known by."""
    return unless_held(request, jsonify(msgspec.to_builtins(page)))
