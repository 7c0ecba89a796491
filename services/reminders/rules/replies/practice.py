"""DONE, with how often, of which goal, and a note: what is logged as a practice."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from services.reminders.rules.replies.goals import of_goal
from services.reminders.rules.replies.reading import FILLERS, Read, Token
from services.reminders.rules.replies.reply import LETTERS, Context, Reply

DONE = (("did", "it"), ("lo", "hice"), ("done",), ("did",), ("y",), ("hecho",), ("listo",), ("lista",))
PASSED_OVER = frozenset({*FILLERS, "por", "favor"})


class Parts(NamedTuple):
    """What stood around the verb, and where the words began that are no part of it."""

    quantity: int
    letter: str | None
    rest: int


def done(text: Read, context: Context) -> Reply | None:
    """What was done; None where the text does not say so. A quantity out of its bounds says nothing."""
    tokens = text.tokens[_opening(text.tokens) :]
    before = _parts(tokens, 0)
    if before is None:
        return None
    place = _behind_verb(tokens, before.rest)
    after = _parts(tokens, place) if place is not None else None
    if after is None or (before.letter and after.letter) or (before.quantity and after.quantity):
        return None
    behind = _behind(tokens, after)
    if behind and not _is_note(behind):
        return None
    quantity = before.quantity or after.quantity or 1
    reply = Reply(intent="done", value=quantity, note=text.after(behind[0]) if behind else None)
    return of_goal(reply, before.letter or after.letter, context)


def _opening(tokens: Sequence[Token]) -> int:
    """Where the text begins, behind punctuation and words that do not count."""
    place = 0
    while place < len(tokens) and (tokens[place].kind == "point" or tokens[place].text in PASSED_OVER):
        place += 1
    return place


def _behind_verb(tokens: Sequence[Token], place: int) -> int | None:
    """Where the verb ends, checks beside it included; a check alone is the verb."""
    start = _checks(tokens, place)
    words = tuple(token.text for token in tokens[start : start + 2] if token.kind == "word")
    for verb in DONE:
        if words[: len(verb)] == verb:
            return _checks(tokens, start + len(verb))
    return start if start > place else None


def _checks(tokens: Sequence[Token], place: int) -> int:
    while place < len(tokens) and _passed_over(tokens[place], checks=True):
        place += 1
    return place


def _parts(tokens: Sequence[Token], place: int) -> Parts | None:
    """A quantity and a letter, each at most once, in either order; None for a quantity that cannot be."""
    quantity, letter, times = 0, None, False
    while place < len(tokens):
        token = tokens[place]
        if token.kind == "number" and not quantity:
            quantity = int(token.text) if token.text.isdigit() and len(token.text) <= 2 else 0
            if not quantity:
                return None
        elif token.text == "x" and not times and _is_times(tokens, place):
            times = True
        elif token.kind == "word" and token.text in tuple(LETTERS) and letter is None:
            if quantity and _begins_a_note(tokens, place):
                break
            letter = token.text
        elif not _passed_over(token, checks=False):
            break
        place += 1
    return Parts(quantity, letter, place)


def _is_times(tokens: Sequence[Token], place: int) -> bool:
    """Whether an x stands beside a number: x2, 2x."""
    return any(
        t.kind == "number" for t in (*tokens[max(0, place - 1) : place], *tokens[place + 1 : place + 2])
    )


def _begins_a_note(tokens: Sequence[Token], place: int) -> bool:
    """Whether a letter is the first word of a note: "done 2 a bit shaky"."""
    return place + 1 < len(tokens) and tokens[place + 1].kind == "word"


def _passed_over(token: Token, *, checks: bool) -> bool:
    return token.text in PASSED_OVER or (checks and token.kind == "check")


def _behind(tokens: Sequence[Token], parts: Parts) -> Sequence[Token]:
    """The last token of what was done, and all behind it; nothing where no words are there."""
    place = parts.rest
    while place < len(tokens) and tokens[place].kind == "check":
        place += 1
    worded = any(token.kind in ("word", "number") for token in tokens[place:])
    return tokens[place - 1 :] if worded else ()


def _is_note(tokens: Sequence[Token]) -> bool:
    """Words are a note behind punctuation, a line break or a number; else nobody knows what they mean."""
    last, first = tokens[0], tokens[1]
    return first.kind in ("point", "break") or (last.kind == "number" and first.kind == "word")
