"""What a text is understood as, and what has to be known of the conversation for that."""

from __future__ import annotations

from typing import Any, Literal

import msgspec

Intent = Literal[
    "opt_out", "wrong_number", "who", "opt_in", "help", "safety", "rest", "answer", "done", "win", "rating",
    "later", "pause", "resume", "plan", "ask_which", "ask_again", "unknown",
]  # fmt: skip

RATING_OPEN_HOURS = 48.0
"""How long a bare number is the answer to our asking for a rating."""
LETTERS = "abc"
"""How her goals in focus are called in a text, in their order."""


class Context(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What we said last. `focus_goals` is how many she has, or which; `last_prompt_goal` is one of these, by
    its letter, its place from 0 or its name, if we asked about it within 48 hours. `question_open` says that
    we have asked which goal she means; unsaid, more than one goal is enough for a letter to answer.
    """

    rating_asked_hours_ago: float | None = None
    just_asked_opt_in: bool = False
    focus_goals: int | list[str] | None = None
    last_prompt_goal: str | int | None = None
    question_open: bool | None = None

    @property
    def goals(self) -> int | None:
        """How many goals are in focus; None where that is not known."""
        return len(self.focus_goals) if isinstance(self.focus_goals, list) else self.focus_goals

    @property
    def rating_asked(self) -> bool:
        """Whether a bare number answers us."""
        return self.rating_asked_hours_ago is not None and self.rating_asked_hours_ago <= RATING_OPEN_HOURS

    @property
    def prompted(self) -> str | None:
        """The letter of the goal that we asked about last, or its name where it is none of those in focus."""
        named = self.last_prompt_goal
        if isinstance(named, int):
            return LETTERS[named].upper() if 0 <= named < len(LETTERS) else None
        if named is not None and isinstance(self.focus_goals, list) and named in self.focus_goals[:3]:
            return LETTERS[self.focus_goals.index(named)].upper()
        return named.upper() if named is not None and named.lower() in tuple(LETTERS) else named


class Reply(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An intent and its value: the quantity (done), the number (rating), hours (later), days (pause), the
    letter (answer), the words (win), the letters to choose from (ask_which); else None.

    `goal` is the letter of the goal that it is about, `note` what else she wrote. `safety` says that an
    opt-out holds a phrase of despair as well; `rest` is what is understood beside such a phrase; `meant` is
    what she will have said once we know of which goal.
    """

    intent: Intent
    value: Any
    goal: str | None = None
    note: str | None = None
    safety: bool = False
    rest: Reply | None = None
    meant: Reply | None = None


UNKNOWN = Reply(intent="unknown", value=None)
