"""WIN, before or behind what it is about."""

from __future__ import annotations

from services.reminders.rules.replies.reading import SEPARATES, Read
from services.reminders.rules.replies.reply import Reply

WIN = frozenset({"win", "yay", "logro"})


def win(text: Read) -> Reply | None:
    """A win with its words, if any: the verb leads, or ends the text behind punctuation."""
    worded = [place for place, token in enumerate(text.tokens) if token.kind in ("word", "number")]
    if not worded:
        return None
    first, last = text.tokens[worded[0]], text.tokens[worded[-1]]
    if len(text.whole) == 1 and text.whole[0] in WIN:
        return Reply(intent="win", value=None)
    if first.text in WIN:
        return Reply(intent="win", value=text.after(first))
    if last.text in WIN and text.tokens[worded[-1] - 1].kind in SEPARATES:
        return Reply(intent="win", value=text.before(last))
    return None
