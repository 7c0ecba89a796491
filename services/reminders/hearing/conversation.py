"""What is known of a conversation as a text comes in: what we asked, and of which goals."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import Connection

from services.reminders.ledger import questions
from services.reminders.rules.goal import Goal
from services.reminders.rules.person import Person
from services.reminders.rules.replies.reply import LETTERS, Context, Reply
from shared.vault import Vault


class Conversation(NamedTuple):
    """How her text is to be read, and what its letters mean."""

    context: Context
    goals: tuple[UUID, ...]
    meant: Reply | None


def with_her(connection: Connection, vault: Vault, person: Person, now: datetime) -> Conversation:
    """The conversation with a client."""
    which = questions.open_which(connection, vault, person.client_id, now)
    prompts = questions.prompts(connection, person.client_id, now)
    goals = which.goals if which else open_goals(person.goals)
    rated = next((one.at for one in prompts if one.kind == "rating"), None)
    last = next((one.goal_id for one in prompts if one.goal_id), None)
    context = Context(
        rating_asked_hours_ago=None if rated is None else (now - rated).total_seconds() / 3600,
        just_asked_opt_in=questions.asked_opt_in(connection, person.client_id, now),
        focus_goals=[str(goal) for goal in goals],
        last_prompt_goal=str(last) if last in goals else None,
        question_open=which is not None,
    )
    return Conversation(context, goals, which.meant if which else None)


def open_goals(goals: Mapping[UUID, Goal]) -> tuple[UUID, ...]:
    """The goals that a text may be about, in their order: those in focus, or else all that go on."""
    going_on = [key for key, goal in goals.items() if not goal.ended]
    in_focus = [key for key in going_on if goals[key].focus]
    return tuple((in_focus or going_on)[: len(LETTERS)])
