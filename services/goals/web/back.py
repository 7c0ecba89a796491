"""Where somebody goes on after signing in: an address of ours, and nobody else's."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import current_app
from werkzeug.exceptions import HTTPException


def address_of_ours(asked: str | None, otherwise: str) -> str:
    """The address, if it is a page of ours to look at; else the other one."""
    if not asked or not asked.startswith("/") or asked.startswith(("//", "/\\")):
        return otherwise
    parts = urlsplit(asked)
    if parts.scheme or parts.netloc:
        return otherwise
    try:
        endpoint, _ = current_app.url_map.bind("").match(parts.path, "GET")
    except HTTPException:
        return otherwise
    return asked if str(endpoint).startswith("room.") else otherwise
