"""Cursors of lists: what was packed comes back, and anything else is refused by one name."""

from __future__ import annotations

import re
from contextlib import suppress

from hypothesis import given
from hypothesis import strategies as st

from shared import pages
from shared.pages import BadPlace, pack, unpack

NUMBER = re.compile(r"[1-9][0-9]{0,9}")


@given(st.from_regex(NUMBER, fullmatch=True))
def test_a_place_comes_back_as_it_went(place: str) -> None:
    assert unpack(pack(place), NUMBER)[0] == place
    assert re.fullmatch(pages.CURSOR, pack(place))


@given(st.one_of(st.text(st.characters(), max_size=40), st.text("MTIzAQ-_=", max_size=8)))
def test_whatever_is_said_is_a_place_of_its_form_or_refused(cursor: str) -> None:
    with suppress(BadPlace):
        assert NUMBER.fullmatch(unpack(cursor, NUMBER)[0])
