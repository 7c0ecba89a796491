"""A record as a few people's commands leave it, and what one more makes of it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from services.goals.rules.decide import decide
from services.goals.rules.proposal import Proposed
from services.goals.rules.record import Record, apply, fold
from shared.events import Actor
from tests import controls as c

BY_TEXT = Actor("client", str(c.CLIENT), "sms")
Step = tuple[Actor, Any]
"""Who asks, and what."""


def after(*steps: Step, given: tuple[Any, ...] = c.BEGUN, now: datetime = c.NOW) -> Record:
    """The record once all of them were answered."""
    record = fold(c.CLIENT, c.history(*given))
    for step in steps:
        record = apply(record, answer(record, step, now))
    return record


def answer(record: Record, step: Step, now: datetime = c.NOW) -> tuple[Proposed, ...]:
    """What is proposed; raises Refused."""
    actor, command = step
    return decide(record, command, c.at(now, actor), c.A_CLINIC)


def names(made: tuple[Proposed, ...]) -> list[str]:
    """The events by their short names."""
    return [proposed.data.TYPE.removeprefix("cairn.").removesuffix(".v1") for proposed in made]
