"""The drawings in Spanish: nothing of them is left in English."""

from __future__ import annotations

from gettext import GNUTranslations
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from services.goals import web
from services.goals.web.charts.chart import Chart, keys_of_ground
from services.goals.web.charts.frame import span_of
from services.goals.web.charts.practices import practices
from services.goals.web.charts.ratings import ratings
from services.goals.web.charts.words import Words
from tests.goals.web.charts.drawn import read, said
from tests.goals.web.charts.examples import COURSE

CATALOGUE = Path(web.__file__).parent / "catalogues" / "es.po"


@pytest.fixture(scope="module")
def spanish() -> Words:
    compiled = BytesIO()
    write_mo(compiled, read_po(BytesIO(CATALOGUE.read_bytes()), locale="es"))
    return Words("es", GNUTranslations(BytesIO(compiled.getvalue())))


def written(chart: Chart) -> str:
    rows = " ".join(cell for row in (chart.heads, *chart.rows) for cell in row)
    return f"{said(read(chart.svg))} {chart.title} {rows} {' '.join(key.said for key in chart.keys)}"


def test_nothing_is_left_in_english(spanish: Words) -> None:
    span = span_of(COURSE)
    drawn = ratings(COURSE, span, spanish)
    assert drawn
    everything = " ".join(map(written, (drawn, *practices(COURSE, span, spanish))))
    everything += " ".join(key.said for key in keys_of_ground(COURSE, spanish))
    for word in (" the ", "rating", "day", "start", "target", "eased", "from", "measure", "March", "known"):
        assert word not in everything.lower().replace("calm", ""), word
    assert "facilitada el 16 de marzo de 2026" in everything
