"""What a drawing says, in a language: days, figures, and the names of what is drawn."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from gettext import NullTranslations
from typing import Literal

from babel.dates import format_date, format_skeleton
from babel.numbers import format_decimal

from services.goals.rules.course import Adjusted, Rest
from shared.events import AdjustmentKind, Number, Rater


class Words:
    """The words of one language; English where a catalogue has none."""

    def __init__(self, language: str, translations: NullTranslations, *, to_her: bool = False) -> None:
        """`to_her` where the client reads it: then no word of the goal is in it, its unit included."""
        self.language = language
        self.to_her = to_her
        self.translations = translations

    def say(self, words: str, **names: object) -> str:
        """Words of ours, with the named values filled in."""
        said = self.translations.gettext(words)
        return said % names if names else said

    def say_so_many(self, one: str, many: str, num: int, **names: object) -> str:
        """Words for a number of things, which is `num` in them."""
        return self.translations.ngettext(one, many, num) % {"num": self.number(num), **names}

    def day(self, on: date) -> str:
        """A day, whole: March 2, 2026."""
        return _day(on, self.language)

    def short_day(self, on: date, *, with_year: bool) -> str:
        """A day as it stands at a line: Mar 2."""
        return _short_day(on, "yMMMd" if with_year else "MMMd", self.language)

    def number(self, figure: Number) -> str:
        """A figure: 1,234.5."""
        return _number(figure, self.language)

    def signed(self, figure: Number) -> str:
        """A figure with its sign: +2."""
        return format_decimal(figure, format="+#,##0.###;-#,##0.###", locale=self.language) if figure else "0"

    def kind(self, kind: AdjustmentKind) -> str:
        """What an adjustment of this kind did to the goal."""
        match kind:
            case "eased":
                return self.say("eased")
            case "stretched":
                return self.say("stretched")
            case "refocused":
                return self.say("refocused")
            case "rescheduled":
                return self.say("rescheduled")
            case "reworded":
                return self.say("reworded")
            case "corrected":
                return self.say("corrected")

    def whose(self, rater: Rater) -> str:
        """Whose ratings these are."""
        if self.to_her:
            return self.say("Your ratings") if rater == "client" else self.say("Your therapist's ratings")
        return self.say("The client's ratings") if rater == "client" else self.say("The therapist's ratings")

    def aimed(self, which: Literal["target", "baseline"], figure: Number) -> str:
        """What a line across the figures stands for."""
        at = self.number(figure)
        return self.say("target %(at)s", at=at) if which == "target" else self.say("start %(at)s", at=at)

    def adjusted(self, one: Adjusted) -> str:
        """An adjustment, and its day."""
        return self.say("%(kind)s on %(day)s", kind=self.kind(one.kind), day=self.day(one.on))

    def rested(self, rest: Rest) -> str:
        """Days of rest."""
        first, last = self.day(rest.first), self.day(rest.last)
        return self.say("paused from %(first)s to %(last)s", first=first, last=last)


@lru_cache(maxsize=4_096)
def _number(figure: Number, language: str) -> str:
    return format_decimal(figure, locale=language)


@lru_cache(maxsize=4_096)
def _day(on: date, language: str) -> str:
    return format_date(on, "long", locale=language)


@lru_cache(maxsize=4_096)
def _short_day(on: date, skeleton: str, language: str) -> str:
    return str(format_skeleton(skeleton, on, locale=language))
