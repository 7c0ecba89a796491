"""A rating: a number of ten, bare where we asked for one, or with the letter of a goal."""

from __future__ import annotations

from collections.abc import Sequence

from services.reminders.rules.replies.goals import of_goal
from services.reminders.rules.replies.reading import Read
from services.reminders.rules.replies.reply import LETTERS, Context, Reply

MOST = 10
OUT_OF_TEN = (("out", "of", "10"), ("de", "10"), ("sobre", "10"), ("10",))
"""Behind the number; the last behind a slash."""


def rating(text: Read, context: Context) -> Reply | None:
    """The rating; `ask_again` for a number that is none where we had asked; None where there is no number."""
    words = list(text.whole)
    letters = [word for word in words if word in tuple(LETTERS)]
    numbers = [word for word in words if word not in tuple(LETTERS)]
    if len(letters) > 1 or not numbers or not numbers[0][-1].isdigit():
        return None
    if letters and letters[0] not in (words[0], words[-1]):
        return None
    if not context.rating_asked and not letters:
        return None
    value = _of_ten(numbers)
    if value is not None:
        return of_goal(Reply(intent="rating", value=value), letters[0] if letters else None, context)
    is_number = len(numbers) == 1 or tuple(numbers[1:]) in OUT_OF_TEN
    return Reply(intent="ask_again", value=None) if context.rating_asked and is_number else None


def _of_ten(words: Sequence[str]) -> int | None:
    number, _, whole = words[0].partition("/")
    of_ten = (whole in ("", "10")) if len(words) == 1 else not whole and tuple(words[1:]) in OUT_OF_TEN[:3]
    fits = of_ten and number.isdigit() and len(number) <= 2 and int(number) <= MOST
    return int(number) if fits else None
