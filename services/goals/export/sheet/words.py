"""The words of a sheet: a code read as English, and what it is in another language by its catalogue."""

from __future__ import annotations

from functools import cache
from gettext import NullTranslations
from pathlib import Path
from typing import get_args

from shared import events
from shared.catalogue import compiled

CODES = frozenset(
    code
    for named in (
        events.ActorKind, events.AdjustmentKind, events.Agreed, events.CareEndReason, events.Channel,
        events.Day, events.ErasureDecision, events.MeasureKind, events.MilestoneRule, events.Outcome,
        events.Period, events.Rater, events.ReasonCode, events.ReminderKind, events.ReviewOutcome,
        events.Theme, events.VerifiedBy, events.Via, events.WinKind,
    )
    for code in get_args(named)
)  # fmt: skip
"""Values that are words of ours, and not somebody's."""
CATALOGUES = Path(__file__).parent


def phrase(code: str) -> str:
    """A code as English words: goal.adjusted is goal adjusted, too_hard is too hard."""
    return code.replace(".", " ").replace("_", " ")


def word(code: str, locale: str) -> str:
    """A code in the language of a locale; English where there is no catalogue."""
    return _catalogue(locale.partition("-")[0]).gettext(phrase(code))


@cache
def _catalogue(language: str) -> NullTranslations:
    file = CATALOGUES / f"{language}.po"
    if not file.is_file():
        return NullTranslations()
    return compiled(language, file.read_bytes())[1]
