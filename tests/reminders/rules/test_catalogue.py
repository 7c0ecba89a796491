"""The catalogues: each language says everything, and says it with the same names in it."""

from __future__ import annotations

from string import Formatter
from typing import get_args

import pytest

from services.reminders.rules.catalogue import CATALOGUES, LANGUAGES, language_of
from shared.events import MilestoneRule

LISTS = ("forbidden shaming", "safety phrases", "safety whole", "safety grave", "safety harmless")
ALONE = (
    "label", "sms stop", "email footer", "email welcome link", "email page link", "unsubscribe", "confirm",
    "answer", "signpost", "flag", "notice", "digest", "page", *LISTS,
)  # fmt: skip
PLACES = sorted(CATALOGUES["en"].contexts)


def names_in(template: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(template) if name}


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_each_language_has_every_variant_with_the_same_names_in_it(language: str, place: str) -> None:
    for count in (1, 2, 7):
        english = CATALOGUES["en"].variants(place, count)
        here = CATALOGUES[language].variants(place, count)
        assert len(here) == len(english)
        if place not in LISTS:
            assert [names_in(template) for template in here] == [names_in(template) for template in english]


@pytest.mark.parametrize("place", [place for place in PLACES if not place.startswith(("earned", *ALONE))])
@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_said_again_has_variants_and_no_two_are_the_same(language: str, place: str) -> None:
    variants = CATALOGUES[language].variants(place, 7)
    assert len(set(variants)) == len(variants) >= 2


def test_spanish_is_translated_throughout() -> None:
    same = {
        place for place in PLACES for count in (1, 7)
        if set(CATALOGUES["es"].variants(place, count)) & set(CATALOGUES["en"].variants(place, count))
    }  # fmt: skip
    assert same == set()


@pytest.mark.parametrize("rule", get_args(MilestoneRule))
def test_every_milestone_has_words(rule: str) -> None:
    assert {rule, f"earned {rule}"} <= set(PLACES)


@pytest.mark.parametrize(("count", "expected"), [(1, "1 time"), (2, "2 times"), (7, "7 times")])
def test_one_and_many_are_told_apart(count: int, expected: str) -> None:
    assert CATALOGUES["en"].variants("earned practices", count)[0].format(count=count) == expected


@pytest.mark.parametrize(
    ("locales", "expected"),
    [
        (("en-US",), "en"),
        (("es-MX", "en"), "es"),
        (("es_419",), "es"),
        (("fr", "es"), "es"),
        (("fr", "de"), "en"),
    ],
)
def test_a_language_is_hers_else_the_clinics_else_english(locales: tuple[str, ...], expected: str) -> None:
    assert language_of(*locales) == expected
