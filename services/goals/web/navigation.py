"""Where one can go from every page, by what one is at the clinic; and which version its files are at."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

from flask import Flask

from services.goals.web.language import say
from services.goals.web.parlour import parlour
from services.goals.web.visit import Visit

STATIC = Path(__file__).parent / "static"


def navigation(visit: Visit) -> list[tuple[str, str]]:
    """The endpoints, and what each is called."""
    match visit.who.role:
        case "lead":
            return [("clients", say("Clients")), ("clinic", say("The clinic"))]
        case "therapist":
            return [("clients", say("Clients"))]
        case "operator":
            return [("operations", say("Operations"))]
        case _:
            return []


def version_of_files() -> str:
    """Changes with any of them, so that a browser may keep each for ever."""
    known = sha256()
    for file in sorted(STATIC.iterdir()):
        known.update(file.read_bytes())
    return known.hexdigest()[:12]


def install(app: Flask) -> None:
    """Gives the templates both, and whether an organisation vouches for the staff."""
    app.jinja_env.globals["navigation"] = navigation
    app.jinja_env.globals["organisation"] = lambda: parlour().organisation
    app.jinja_env.globals["files"] = version_of_files()
