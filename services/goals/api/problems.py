"""Which problem each refusal of the rules is."""

from __future__ import annotations

import structlog
from flask import Flask

from services.goals.access import Unlogged
from services.goals.beats import Busy
from services.goals.handle import Unread
from services.goals.rules.refusal import Forbidden, Invalid, NotThere, Refused, SignedOut, Stale
from shared import problems
from shared.bearer import INVALID_TOKEN
from shared.problems import Problem, Wrong, answer, answer_in_problems, away
from shared.upcasting import UnknownEvent
from shared.vault import KeyDestroyed

log = structlog.get_logger()
STATUS = {Invalid: 422, SignedOut: 401, Forbidden: 403, NotThere: 404, Stale: 412, Unread: 428}
"""The status of each kind of refusal; any other is 409."""


def invalid(errors: tuple[Wrong, ...], where: str = "body") -> Problem:
    """422 for fields that are wrong, each named."""
    named = "; ".join(f"{wrong.pointer[2:] or where}: {wrong.detail}" for wrong in errors[:3])
    return Problem(422, f"The {where} is not right. {named}", errors)


def install(app: Flask) -> None:
    """Makes every way of failing a problem detail."""
    answer_in_problems(app)
    for kind in (Refused, Busy, Unlogged, UnknownEvent, KeyDestroyed):
        app.register_error_handler(kind, lambda error: answer(problem_of(error)))


def problem_of(error: Exception) -> Problem:
    """What a failure is to whoever asked."""
    match error:
        case Refused():
            return _refused(error)
        case Busy():
            return away("Others are writing to this record; try again.", 1)
        case Unlogged():
            return away("This look could not be written down; try again.", 5)
        case UnknownEvent():
            return _newer(error)
        case KeyDestroyed():
            return Problem(409, "This record was erased.")
        case _:
            return problems.problem_of(error)


def _newer(unknown: UnknownEvent) -> Problem:
    log.error("unknown_event", what=str(unknown))
    return away(
        f"The log holds {unknown}, which a newer version of this service wrote and this one cannot read;"
        " nothing was changed. Where both run, try again; else the operator brings the newest.",
        30,
    )


def _refused(refusal: Refused) -> Problem:
    status = STATUS.get(type(refusal), 409)
    errors = (Wrong(refusal.pointer, refusal.detail),) if refusal.pointer else ()
    headers = INVALID_TOKEN if status == 401 else None
    return Problem(status, refusal.detail, errors, headers)
