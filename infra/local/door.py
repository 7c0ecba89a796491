"""How a person's command asks the goals service: one request, one answer, or one line of what is wrong."""

import json
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import Any
from urllib.parse import urlsplit

from infra.local.trouble import LocalError


def ask(method: str, url: str, token: str | None = None, body: object = None) -> tuple[int, dict[str, Any]]:
    """The status and the JSON object that came, empty when it was none. Raises LocalError: nobody answers."""
    parts = urlsplit(url)
    kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
    connection = kind(parts.hostname or "", parts.port, timeout=10)
    headers = {"Accept": "application/json", "Content-Type": "application/json"}
    if token is not None:
        headers["Authorization"] = f"Bearer {token}"
    try:
        connection.request(method, parts.path, None if body is None else json.dumps(body), headers)
        answer = connection.getresponse()
        status, content = answer.status, answer.read()
    except (OSError, HTTPException) as error:
        raise LocalError(
            f"Nobody answers at {parts.scheme}://{parts.netloc}: start it with `cairn up`."
        ) from error
    finally:
        connection.close()
    try:
        found = json.loads(content)
    except ValueError:
        found = None
    return status, found if isinstance(found, dict) else {}


def put(url: str, token: str, body: object) -> dict[str, Any]:
    """What a PUT answered. Raises LocalError with what was refused, field by field."""
    status, found = ask("PUT", url, token, body)
    if status not in (200, 201):
        said = "; ".join(f"{e.get('pointer', '')[2:]}: {e.get('detail')}" for e in found.get("errors", []))
        raise LocalError(f"{said or found.get('detail') or found.get('title') or 'refused'} ({status})")
    return found
