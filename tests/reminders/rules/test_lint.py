"""Which words never go out: whole words, however they are dressed."""

from __future__ import annotations

import pytest

from services.reminders.rules.lint import forbidden_words
from shared.neutral import clinical_words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("a small reminder about your practice", (), id="nothing"),
        pytest.param("your therapy", ("therapy",), id="a clinical word"),
        pytest.param("Your THERAPY.", ("therapy",), id="in capitals"),
        pytest.param("ther\u200bapy", ("therapy",), id="with a sign of no width in it"),
        pytest.param("the\u00adrapy", ("therapy",), id="with a soft hyphen in it"),
        pytest.param("ｔherapy", ("therapy",), id="in full width"),
        pytest.param("an obsession", (), id="a word within a word"),
        pytest.param("tu sesión", ("sesión",), id="in Spanish"),
        pytest.param("tu sesion", ("sesión",), id="without its accent"),
        pytest.param("tu sesio\u0301n", ("sesión",), id="with its accent apart"),
        pytest.param("mental health", ("mental", "mental health"), id="words of words"),
        pytest.param("you missed it", ("missed",), id="a shaming word"),
        pytest.param("you still haven't", ("still haven't",), id="two of them"),
        pytest.param("you still haven\u2019t", ("still haven't",), id="with a curly apostrophe"),
        pytest.param("still\n haven't", ("still haven't",), id="across a line"),
        pytest.param("you should, you must", ("should", "must"), id="several"),
        pytest.param("mustard", (), id="a shaming word within a word"),
        pytest.param("tu racha", ("racha",), id="a shaming word in Spanish"),
    ],
)
def test_forbidden_are(text: str, expected: tuple[str, ...]) -> None:
    assert forbidden_words(text) == expected


@pytest.mark.parametrize(
    "word",
    ["missed", "failed", "forgot", "behind", "overdue", "streak", "should", "must", "only", "still haven't",
     "therapy", "anxiety", "trauma", "session"],
)  # fmt: skip
def test_every_word_that_the_domain_names_is_forbidden(word: str) -> None:
    assert word in forbidden_words(f"It is {word}, so to say")


def test_shaming_words_are_not_clinical() -> None:
    assert clinical_words("you missed your session") == ("session",)
