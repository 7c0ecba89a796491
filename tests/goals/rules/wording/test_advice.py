"""Advice on a wording: which letters its words show, and what is asked next, in both languages."""

from __future__ import annotations

import time
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.goals.rules.wording.advice import LANGUAGES, Advice, Wording, advise
from services.reminders.rules.lint import forbidden_words
from shared.events import Measure
from tests import controls as c

EN, ES = LANGUAGES["en"].questions, LANGUAGES["es"].questions
VAGUE, VAGO = "I want to feel less anxious", "Quiero sentirme menos ansiosa"
SPANISH = (
    "Quiero practicar ejercicios de respiración profunda dos veces al día para manejar mi ansiedad durante el"
    " próximo mes"
)

# The statement, and the letters that its words show.
ENGLISH_ROWS = [
    (VAGUE, "R"),
    (c.STATEMENT, "SMRT"),
    ("", ""),
    ("?!", ""),
    ("I want to be happier", "R"),
    ("I want to do better", ""),
    ("I want to do my best at work", ""),
    ("I will walk", "S"),
    ("Walking", "S"),
    ("I want to go for walks", "S"),
    ("I'm going to feel better soon", "R"),
    ("Yoga every morning", "SM"),
    ("Journaling for 10 minutes before bed", "SM"),
    ("Write in my journal each evening because it clears my head", "SMR"),
    ("Call my sister once a week", "SM"),
    ("Call my sister, once I feel ready", "S"),
    ("Talk to one new person a week", "SM"),
    ("One day I want to sing", "S"),
    ("Say no to one request this week", "SMT"),
    ("Set a boundary with my boss by Friday", "ST"),
    ("Read 20 pages a day until the end of June", "SMT"),
    ("Read for half an hour every day, so that I can sleep", "SMR"),
    ("Swim three times per week for the next 6 weeks", "SMT"),
    ("I want to bring my worry down from 7 to 4", "M"),
    ("Rate my day 6/10 or better by 30 June", "MT"),
    ("I want my mood at 7 out of 10", "M"),
    ("Be in bed by 11", ""),
    ("Meditate at 8 am", "S"),
    ("Meditate at 8 am daily", "SM"),
    ("Play with my 3 children", "S"),
    ("Take care of myself", ""),
    ("Take a shower every day for two weeks", "SMT"),
    ("I want to stop smoking", ""),
    ("I want to drink less", ""),
    ("Chew gum instead of smoking, 5 times a day", "M"),
    ("Go to the gym 2x a week to get stronger", "SMR"),
    ("I want to run to the park", "S"),
    ("Attend the group every Tuesday for my family", "SMR"),
    ("Cook dinner twice a week through the summer", "SMT"),
    ("Practice grounding 5 minutes a day in May", "SMT"),
    ("I may practise", "S"),
    ("Apply for three jobs before 2026-07-01", "SMT"),
    ("Apply for three jobs by 7/1", "SMT"),
    ("Eat breakfast daily within the next month", "SMT"),
    ("Rest during the day", "S"),
    ("Do 10-minute stretches on weekdays", "SM"),
    ("I WANT TO WALK TWICE A DAY", "SM"),
    ("Wa\u200blk twi\u00adce a day", "SM"),
]
SPANISH_ROWS = [
    (VAGO, "R"),
    (SPANISH, "SMRT"),
    ("Quiero estar mejor", "R"),
    ("Quiero hacer lo mejor que pueda", ""),
    ("Quiero caminar", "S"),
    ("Caminaré 20 minutos al día", "SM"),
    ("Salir a caminar tres veces por semana hasta junio", "SMT"),
    ("Salir adelante", ""),
    ("Yoga cada mañana", "SM"),
    ("Yoga cada man\u0303ana", "SM"),
    ("Escribir en mi diario todas las noches porque me ayuda a dormir", "SMR"),
    ("Llamar a mi hermana una vez a la semana", "SM"),
    ("Llamar a mi hermana una vez que pueda", "S"),
    ("Leer 10 páginas diarias para descansar mejor", "SMR"),
    ("Leer antes de dormir", "S"),
    ("Meditar a las 8", "S"),
    ("Poner límites a mi jefe para el viernes", "ST"),
    ("Decir que no una vez por semana", "SM"),
    ("Quiero dejar de fumar", ""),
    ("Quiero beber menos", ""),
    ("Bajar mi preocupación de 7 a 4", "M"),
    ("Mi ánimo en 7 sobre 10 antes del verano", "MT"),
    ("Asistir al grupo los martes por mis hijos", "SMR"),
    ("Nadar dos veces por semana en las próximas seis semanas", "SMT"),
    ("Nadar por la mañana", "S"),
    ("Cocinar dos cenas este mes", "SMT"),
    ("Hablar con una amiga cada semana hasta el 30 de junio", "SMT"),
    ("Practicar cinco minutos al dia durante el mes que viene", "SMT"),
    ("Practico respiraciones a diario, así me calmo", "SMR"),
    ("Jugar con mis 3 hijos", "S"),
    ("Dar un paseo todos los días para que mi cabeza descanse", "SMR"),
    ("Enviar tres solicitudes antes de 01/07/2026", "SMT"),
]


def letters(advice: Advice) -> str:
    """The letters that are met."""
    return "".join(letter.letter for letter in advice.letters if letter.met)


def asked(advice: Advice) -> dict[str, str]:
    """What is asked, by letter."""
    return {letter.letter: letter.advice for letter in advice.letters if letter.advice}


def of(statement: str | None, locale: str = "en", **fields: Any) -> Advice:
    """Advice on a statement."""
    return advise(Wording(locale=locale, statement=statement, **fields))


@pytest.mark.parametrize(("statement", "met"), ENGLISH_ROWS)
def test_english_words_show_these_letters(statement: str, met: str) -> None:
    assert letters(of(statement)) == met


@pytest.mark.parametrize(("statement", "met"), SPANISH_ROWS)
def test_spanish_words_show_these_letters(statement: str, met: str) -> None:
    assert letters(of(statement, "es")) == met


def test_the_vague_wish_is_asked_what_how_much_and_by_when() -> None:
    assert asked(of(VAGUE)) == {"S": EN.action, "M": EN.how_much, "T": EN.by_when}
    assert asked(of(VAGO, "es")) == {"S": ES.action, "M": ES.how_much, "T": ES.by_when}


def test_the_whole_wording_is_asked_how_confident_she_is() -> None:
    advice = of(c.STATEMENT)
    assert asked(advice) == {"A": EN.confidence}
    assert advice.next == "A"
    assert [letter.found for letter in advice.letters] == [
        "practice deep breathing exercises",
        "twice a day",
        None,
        "to manage my anxiety",
        "over the next month",
    ]
    assert asked(of(SPANISH, "es")) == {"A": ES.confidence}


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"confidence": 7}, {}),
        ({"confidence": 5}, {}),
        ({"confidence": 4}, {"A": EN.smaller}),
        ({"confidence": 0}, {"A": EN.smaller}),
        ({}, {"A": EN.confidence}),
    ],
)
def test_below_five_is_asked_what_would_make_it_smaller(fields: Any, expected: Any) -> None:
    assert asked(of(c.STATEMENT, **fields)) == expected


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("I want to stop smoking", EN.instead),
        ("I want to drink less", EN.instead),
        ("I want to avoid crowds", EN.instead),
        ("I want to be calm", EN.action),
        ("I want less fear", EN.action),
        (None, EN.action),
    ],
)
def test_who_wants_less_of_something_is_asked_what_instead(statement: str | None, expected: str) -> None:
    assert asked(of(statement))["S"] == expected


RATING = Measure(kind="rating", unit="worry")
FIELDS: list[tuple[dict[str, Any], str, dict[str, str]]] = [
    ({"specific": "Deep breathing, five minutes"}, "SM", {}),
    ({"specific": "Feeling well"}, "", {"S": EN.action}),
    ({"measure": c.TWICE_A_DAY, "target": 2}, "M", {}),
    ({"measure": c.TWICE_A_DAY}, "", {"M": EN.enough}),
    ({"measure": c.TWICE_A_DAY, "target": 0}, "", {"M": EN.more_than_none}),
    ({"target": 2}, "", {"M": EN.how_much}),
    ({"measure": RATING, "target": 0, "baseline": 8}, "M", {}),
    ({"measure": RATING, "target": 11}, "", {"M": EN.on_the_scale}),
    ({"measure": RATING, "target": 3, "baseline": 12}, "", {"M": EN.on_the_scale}),
    ({"relevance": "My children"}, "R", {}),
    ({"end_on": date(2026, 4, 2)}, "T", {}),
    ({"end_on": date(2026, 4, 2), "start_on": c.TODAY}, "T", {}),
    ({"end_on": c.TODAY, "start_on": c.TODAY}, "", {"T": EN.end_after_start}),
    ({"end_on": date(2027, 3, 2), "start_on": c.TODAY}, "T", {}),
    ({"end_on": date(2027, 3, 3), "start_on": c.TODAY}, "", {"T": EN.within_a_year}),
]


@pytest.mark.parametrize(("fields", "met", "expected"), FIELDS)
def test_what_is_filled_in_needs_no_words(fields: Any, met: str, expected: dict[str, str]) -> None:
    advice = of(None, **fields)
    assert letters(advice) == met
    assert asked(advice).items() >= expected.items()


def test_a_goal_that_can_be_set_is_asked_nothing() -> None:
    said = c.SET
    advice = of(
        None,
        specific=said.specific,
        measure=said.measure,
        target=said.target,
        confidence=said.confidence,
        relevance=said.relevance,
        start_on=said.start_on,
        end_on=said.end_on,
    )
    assert (letters(advice), asked(advice), advice.next) == ("SMART", {}, None)


def test_it_is_read_in_the_language_it_is_written_in_and_asked_in_the_one_wished_for() -> None:
    assert letters(of(SPANISH, "en-US")) == letters(of(c.STATEMENT, "es-MX")) == "SMRT"
    assert asked(of(SPANISH, "en-US")) == {"A": EN.confidence}
    assert asked(of(c.STATEMENT, "es-MX")) == {"A": ES.confidence}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_question_is_kind_and_says_nothing_clinical(language: str) -> None:
    for question in LANGUAGES[language].questions:
        assert question.endswith(("?", "."))
        assert "?" in question
        assert not forbidden_words(question)


def test_no_two_questions_are_the_same_in_both_languages() -> None:
    for english, spanish in zip(EN, ES, strict=True):
        assert english != spanish


words = st.sampled_from(
    [*" .,/-:%\n'", "to", "by", "over the next", "twice", "para", "hasta", "dos", "10", "a"]
)
anything = st.one_of(st.text(max_size=300), st.lists(words, max_size=120).map(" ".join))


@settings(max_examples=300, deadline=2000, database=None)
@given(anything, st.sampled_from(["en", "es"]))
def test_any_text_gets_an_answer(text: str, locale: str) -> None:
    advice = of(text, locale, specific=text)
    assert [letter.letter for letter in advice.letters] == list("SMART")
    assert all(letter.found is None or letter.met for letter in advice.letters)
    assert all(not (letter.met and letter.advice) for letter in advice.letters)


PIECES = [
    "a", "0", "0/", "0-", "a'", " ", "\n", "by the end of ", "hasta el fin de ", "stop ", "to ", "no ",
    "over the next 2 ", "twice a ", "do ", "una vez ", "\u0301\u0323", "\u200b", "\ufdfa",
]  # fmt: skip


@pytest.mark.parametrize("locale", LANGUAGES)
@pytest.mark.parametrize("piece", PIECES)
def test_what_is_ten_times_as_long_takes_about_ten_times_as_long(piece: str, locale: str) -> None:
    def seconds(size: int) -> float:
        text = (piece * size)[:size]
        taken = []
        for _ in range(2):
            begun = time.process_time()
            of(text, locale)
            taken.append(time.process_time() - begun)
        return min(taken)

    assert seconds(20_000) < 20 * (seconds(2_000) + 0.02)
