"""Answers: one segment with the longest names in every language and country, and no forbidden word."""

from __future__ import annotations

from datetime import date

import pytest

from services.reminders.rules.answers import Speaker, acknowledged, answer, day_in, signpost
from services.reminders.rules.catalogue import CATALOGUES, LANGUAGES
from services.reminders.rules.crisis import EVERYWHERE, LINES, crisis_of, listening
from services.reminders.rules.lint import forbidden_words
from services.reminders.rules.segments import size

LONGEST_SENDER = "N" * 20
LONGEST_PHONE = "+549112345678901"
PLACES = sorted(p for p in CATALOGUES["en"].contexts if p.startswith(("answer", "ack")))
NAMES = {"letters": "A, B, C", "link": f"https://reminders.example.org/me/{'x' * 43}"}
COUNTRIES = sorted(LINES)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("place", PLACES)
def test_every_answer_is_one_segment_in_every_country(language: str, place: str) -> None:
    for crisis in (*LINES.values(), EVERYWHERE):
        speaker = Speaker(language, LONGEST_SENDER, LONGEST_PHONE, crisis)
        for turn in range(3):
            said = answer(speaker, place, turn, day=day_in(speaker, date(2026, 9, 30)), **NAMES)
            assert size(said).segments == 1, said
            assert forbidden_words(said) == ()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("country", [*COUNTRIES, "XX"])
def test_a_signpost_is_one_segment_and_names_both_numbers(language: str, country: str) -> None:
    crisis = crisis_of(country)
    said = signpost(Speaker(language, LONGEST_SENDER, LONGEST_PHONE, crisis))
    assert size(said).segments == 1, said
    assert crisis.emergency in said
    assert listening(crisis) in said
    assert forbidden_words(said) == ()


def test_the_domains_own_wording_of_a_signpost() -> None:
    assert signpost(Speaker("en", "Northside", None, crisis_of("US"))) == (
        "Northside: this is automated and no one reads it live. If you might be in danger call 911."
        " You can call or text 988 any time, free, 24/7."
    )


@pytest.mark.parametrize(
    ("earned", "expected"),
    [
        ((), "Northside: that counts, and it is saved. Thank you for sharing it."),
        ((("first_win", 1),), "Northside: your first win is saved. Thank you for sharing it."),
        ((("practices", 7),), "Northside: 7 times now. That is you, showing up for yourself."),
    ],
)
def test_an_acknowledgement_takes_over_the_celebration(
    earned: tuple[tuple[str, int], ...], expected: str
) -> None:
    assert acknowledged(Speaker("en", "Northside", None, crisis_of("US")), "win", earned, 0) == expected


@pytest.mark.parametrize("place", ["answer unknown", "answer help", "answer who"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_what_nobody_reads_says_so(language: str, place: str) -> None:
    words = {"en": ("automated",), "es": ("sistema", "recordatorios")}[language]
    assert any(word in CATALOGUES[language].variants(place)[0] for word in words)
