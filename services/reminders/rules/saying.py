"""What is to be said, before it has words: from whom, about what, in which language."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Literal, get_args

from babel.lists import format_list

from services.reminders.rules.catalogue import Catalogue
from services.reminders.rules.lint import forbidden_words
from shared.neutral import visible

Asked = Literal["welcome", "practice", "rating", "review", "quiet"]
ASKED: tuple[Asked, ...] = get_args(Asked)


@dataclass(frozen=True, kw_only=True)
class Saying:
    """A message to be. `asks` is what starts a conversation, in the order of ASKED; `earned` are milestones'
    rules with their counts; `turn` chooses among variants; `link` is a welcome's, by e-mail, and `page` any
    other e-mail's: her own.
    """

    catalogue: Catalogue
    sender: str
    phone: str
    label: str | None
    asks: tuple[Asked, ...]
    earned: tuple[tuple[str, int], ...]
    turn: int
    link: str | None = None
    page: str | None = None

    @cached_property
    def labels(self) -> tuple[str, ...]:
        """What her goal may be called, hers first; one with a clinical or a shaming word is not used."""
        neutral = self.catalogue.variants("label")[0]
        hers = neutral_label(self.label)
        return (hers, neutral) if hers else (neutral,)

    @cached_property
    def earned_list(self) -> str:
        """All that was earned, as a list in a sentence; the same words once."""
        phrases = [self.catalogue.variants(f"earned {rule}", count)[0] for rule, count in self.earned]
        counted = [
            phrase.format(count=count) for phrase, (_, count) in zip(phrases, self.earned, strict=True)
        ]
        return format_list(list(dict.fromkeys(counted)), locale=self.catalogue.language)

    def filled(self, context: str, count: int, label: str) -> list[str]:
        """The variants of a place in the catalogue, with the names and figures in them."""
        return [
            template.format(label=label, sender=self.sender, count=count, earned=self.earned_list)
            for template in self.catalogue.variants(context, count)
        ]


def sentence(text: str) -> str:
    """With a capital letter, behind a sign that opens it (¿, ¡) as well."""
    for place, sign in enumerate(text):
        if sign.isalnum():
            return text[:place] + sign.upper() + text[place + 1 :]
    return text


def neutral_label(label: str | None) -> str | None:
    """Her own label, if others may read it."""
    hers = visible(label or "")
    return hers if hers and not forbidden_words(hers) else None
