"""Of which goal a text speaks: by its letter, else the one that we asked about, else we ask."""

from __future__ import annotations

import msgspec

from services.reminders.rules.replies.reply import LETTERS, Context, Reply


def of_goal(reply: Reply, letter: str | None, context: Context) -> Reply:
    """The reply with its goal. A letter that names none is asked about; where there is one goal, ignored."""
    goals = context.goals
    if letter is not None and (goals is None or LETTERS.index(letter) < goals):
        return msgspec.structs.replace(reply, goal=letter.upper())
    if goals is None or goals < 2:
        return reply
    if letter is None and context.prompted is not None:
        return msgspec.structs.replace(reply, goal=context.prompted)
    return which(goals, reply)


def which(goals: int, meant: Reply | None = None) -> Reply:
    """Asks which of the goals is meant."""
    return Reply(intent="ask_which", value=[letter.upper() for letter in LETTERS[:goals]], meant=meant)
