"""Replies: what a text is understood as. The first rule that matches wins."""

from __future__ import annotations

import msgspec

from services.reminders.rules.replies import safety
from services.reminders.rules.replies.goals import which
from services.reminders.rules.replies.opt_out import opts_out
from services.reminders.rules.replies.phrases import Phrases
from services.reminders.rules.replies.practice import done
from services.reminders.rules.replies.ratings import rating
from services.reminders.rules.replies.reading import Read, read
from services.reminders.rules.replies.reply import LETTERS, UNKNOWN, Context, Intent, Reply
from services.reminders.rules.replies.waits import later, pause
from services.reminders.rules.replies.wins import win

WRONG_NUMBER = Phrases(("wrong number", "wrong person", "número equivocado"))
WHO = Phrases(
    (
        "who is this", "who's this", "who are you", "who r u", "who dis", "quién es", "quién es este",
        "quién eres", "quién habla", "quién me escribe",
    )
)  # fmt: skip
YES = Phrases(("yes", "y", "sí"))
"""Consent only right after we asked for it."""
WHOLE: tuple[tuple[Intent, Phrases], ...] = (
    ("opt_in", Phrases(("start", "unstop", "inicio", "alta"))),
    ("help", Phrases(("help", "info", "ayuda"))),
    ("rest", Phrases(("not today", "bad day", "hard day", "hoy no", "mal día"))),
)
LAST: tuple[tuple[Intent, Phrases], ...] = (
    ("resume", Phrases(("resume", "back", "unpause", "reanudar", "volver"))),
    ("plan", Phrases(("plan", "goals", "metas"))),
)
NOT_NOW = Phrases(("not now",))
"""`now` does not count elsewhere; here it does."""


def understand(text: str, context: Context | None = None) -> Reply:
    """The reply that a text is. Despair is looked for first, and is never taken for anything else; what
    stands beside it is read by the same rules, opt-out included."""
    context = context or Context()
    whole = read(text)
    if not safety.is_unsafe(whole):
        understood = _understood(whole, context)
        if _is_good_news(understood) and safety.is_grave(whole):
            return Reply(intent="safety", value=None, rest=understood)
        return understood
    beside = safety.beside(whole)
    if opts_out(whole) or opts_out(beside):
        return Reply(intent="opt_out", value=None, safety=True)
    rest = _understood(beside, context)
    return Reply(intent="safety", value=None, rest=None if rest.intent == "unknown" else rest)


def _understood(text: Read, context: Context) -> Reply:
    if opts_out(text):
        return Reply(intent="opt_out", value=None)
    named = _named(text, context)
    if named is not None:
        return Reply(intent=named, value=None)
    return (
        _answer(text, context)
        or (rating(text, context) if text.checks and context.rating_asked else None)
        or done(text, context)
        or win(text)
        or rating(text, context)
        or later(text)
        or pause(text)
        or _last(text)
        or UNKNOWN
    )


def _is_good_news(reply: Reply) -> bool:
    return (reply.meant or reply).intent in ("done", "win")


def _named(text: Read, context: Context) -> Intent | None:
    """The intents that are phrases and nothing else, in the order in which they win."""
    if WRONG_NUMBER.found(text.words):
        return "wrong_number"
    if WHO.are(text.whole):
        return "who"
    if context.just_asked_opt_in and YES.are(text.whole):
        return "opt_in"
    if not text.words and any(token.kind == "ask" for token in text.tokens):
        return "help"
    if NOT_NOW.are(text.words):
        return "rest"
    return next((intent for intent, phrases in WHOLE if phrases.are(text.whole)), None)


def _answer(text: Read, context: Context) -> Reply | None:
    """A letter alone, while our question which goal she means is open."""
    goals = context.goals or 0
    is_open = goals > 1 if context.question_open is None else context.question_open
    if not is_open or len(text.whole) != 1 or text.whole[0] not in tuple(LETTERS):
        return None
    letter = text.whole[0]
    if LETTERS.index(letter) >= goals:
        return which(goals)
    return Reply(intent="answer", value=letter.upper(), goal=letter.upper())


def _last(text: Read) -> Reply | None:
    found = next((intent for intent, phrases in LAST if phrases.are(text.whole)), None)
    return Reply(intent=found, value=None) if found else None


def context_of(text: str) -> Context:
    """The context of its JSON. Raises msgspec.ValidationError or msgspec.DecodeError."""
    return msgspec.json.decode(text, type=Context)
