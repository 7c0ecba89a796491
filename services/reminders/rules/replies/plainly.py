"""The many ways to write one phrase of despair, made one: short forms, letters too many, words for stress."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from services.reminders.rules.replies.phrases import Spelled

MANY = "many"
_REPEATED = re.compile(r"([^\W\d])\1+")


def _one_spelling(word: str) -> str:
    """Without letters that follow themselves; ten and more of anything are many."""
    return MANY if word.isdigit() and len(word) > 1 else _REPEATED.sub(r"\1", word)


def _short(*forms: str) -> dict[tuple[str, ...], tuple[str, ...]]:
    pairs = (form.split(" = ") for form in forms)
    return {tuple(map(_one_spelling, one.split())): tuple(long.split()) for one, long in pairs}


SHORT = _short(
    "wanna = want to", "gonna = going to", "tryna = trying to", "cannot = cant", "can not = cant",
    "do not = dont", "is not = isnt", "was not = wasnt", "were not = werent", "any more = anymore",
    "my self = myself", "i am = im", "i will = il", "i have = ive", "he is = hes", "she is = shes",
    "w = with", "kiero = quiero", "qiero = quiero", "q = que", "k = que",
)  # fmt: skip
"""Two ways to write the same, and the one that it becomes."""
LONGEST = max(map(len, SHORT))
STRESS = frozenset(
    map(
        _one_spelling,
        (
            "just", "really", "so", "even", "ever", "fucking", "fuckin", "freaking", "honestly", "literally",
            "kinda", "please", "pls", "plz", "porfa", "realmente", "simplemente",
        ),
    )
)  # fmt: skip
"""Passed over, wherever it stands."""


def plainly(words: Sequence[str]) -> Iterator[Spelled]:
    """The words as despair is looked for in them, each with the places of those that it stands for."""
    spelled = ((_one_spelling(word), place) for place, word in enumerate(words))
    said = [one for one in spelled if one[0] not in STRESS]
    at = 0
    while at < len(said):
        heads = (tuple(word for word, _ in said[at : at + n]) for n in range(LONGEST, 0, -1))
        form = next((head for head in heads if head in SHORT), (said[at][0],))
        first, last = said[at][1], said[at + len(form) - 1][1]
        yield from (Spelled(word, first, last + 1) for word in SHORT.get(form, form))
        at += len(form)
