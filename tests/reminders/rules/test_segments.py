"""What a text costs: GSM-7 or UCS-2, units, segments."""

from __future__ import annotations

import pytest

from services.reminders.rules.segments import BASIC, EXTENDED, Size, size


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("", Size("GSM-7", 0, 1), id="nothing"),
        pytest.param("a" * 160, Size("GSM-7", 160, 1), id="a full segment"),
        pytest.param("a" * 161, Size("GSM-7", 161, 2), id="one more"),
        pytest.param("a" * 306, Size("GSM-7", 306, 2), id="two full of 153"),
        pytest.param("a" * 307, Size("GSM-7", 307, 3), id="and one more"),
        pytest.param("ñéü ¿¡ èìòùà", Size("GSM-7", 12, 1), id="letters that GSM-7 has"),
        pytest.param("más", Size("UCS-2", 3, 1), id="one that it lacks"),
        pytest.param("5 €", Size("GSM-7", 4, 1), id="one behind an escape is two"),
        pytest.param("€" * 80, Size("GSM-7", 160, 1), id="eighty of them"),
        pytest.param("a" * 152 + "€" + "a" * 153, Size("GSM-7", 307, 3), id="an escape is not split"),
        pytest.param("í" * 70, Size("UCS-2", 70, 1), id="a full segment of UCS-2"),
        pytest.param("í" * 71, Size("UCS-2", 71, 2), id="one more of UCS-2"),
        pytest.param("🙂" * 35, Size("UCS-2", 70, 1), id="an emoji is two units"),
        pytest.param("í" * 66 + "🙂" + "í" * 67, Size("UCS-2", 135, 3), id="an emoji is not split"),
        pytest.param("\u2019", Size("UCS-2", 1, 1), id="a curly apostrophe"),
        pytest.param("`", Size("UCS-2", 1, 1), id="a backtick"),
    ],
)
def test_a_text_costs(text: str, expected: Size) -> None:
    assert size(text) == expected


def test_the_alphabet_has_127_signs_and_ten_behind_the_escape() -> None:
    assert (len(BASIC), len(EXTENDED)) == (127, 10)
