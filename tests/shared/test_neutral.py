"""Clinical words are known in both languages, whole, however they are dressed."""

import pytest

from shared.neutral import clinical_words, visible


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Northside", ()),
        ("Trauma Therapy", ("therapy", "trauma")),
        ("Ther\u200bapy North", ("therapy",)),
        ("Psicologia Norte", ("psicología",)),
        ("Obsession", ()),
    ],
)
def test_a_name_holds_the_clinical_words_that_an_eye_reads_in_it(
    name: str, expected: tuple[str, ...]
) -> None:
    assert clinical_words(name) == expected


def test_what_nobody_sees_is_no_name() -> None:
    assert visible("\u200b \u00ad\t") == ""
