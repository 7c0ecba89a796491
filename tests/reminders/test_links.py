"""The link to her page: whole or nothing, ending by itself, and telling nobody whose it is."""

from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta
from functools import partial
from urllib.parse import urlsplit
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.reminders.links import Links, Opened
from shared.sealing import derive

PUBLIC = "https://reminders.example.org"
LINKS = Links(partial(derive, b"k" * 32), PUBLIC)
HER = UUID("00000000-0000-4000-8000-0000000000b1")
UNTIL = datetime(2026, 3, 3, 15, 0, tzinfo=UTC)


def token(client: UUID = HER, until: datetime = UNTIL) -> str:
    address = LINKS.page(client, until)
    assert address
    assert address.startswith(f"{PUBLIC}/me/")
    return urlsplit(address).path.removeprefix("/me/")


@given(
    client=st.uuids(),
    until=st.datetimes(datetime(2024, 1, 1), datetime(2105, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
)
def test_it_opens_whose_it_is_until_its_time(client: UUID, until: datetime) -> None:
    assert LINKS.read_page(token(client, until)) == Opened(client, until.replace(microsecond=0))


def test_an_altered_one_is_none() -> None:
    whole = token()
    for at in range(len(whole)):
        assert LINKS.read_page(whole[:at] + ("A" if whole[at] != "A" else "B") + whole[at + 1 :]) is None
    for wrong in (whole[:-1], whole[:-4], whole + "A", whole + "AAAA", whole + "=", "", "é", "A" * 48):
        assert LINKS.read_page(wrong) is None


def test_each_link_has_one_spelling() -> None:
    spelled = next(one for n in range(500) if "-" in (one := token(until=UNTIL + timedelta(seconds=n))))
    assert LINKS.read_page(spelled)
    assert LINKS.read_page(spelled.replace("-", "+")) is None


def test_one_of_another_installation_or_of_another_kind_is_none() -> None:
    assert Links(partial(derive, b"x" * 32), PUBLIC).read_page(token()) is None
    other = LINKS.unsubscribe(HER, "email") or ""
    assert LINKS.read_page(other.rpartition("/")[2]) is None
    assert LINKS.read_unsubscribe(token()) is None


def test_it_tells_nothing_and_fits_into_a_text() -> None:
    raw = base64.urlsafe_b64decode(token())
    assert HER.bytes not in raw
    assert int(UNTIL.timestamp()).to_bytes(4, "big") not in raw
    assert len(token()) == 48
    assert token(uuid4())[:24] != token(uuid4())[:24]


def test_without_a_public_address_there_is_none() -> None:
    assert Links(partial(derive, b"k" * 32), None).page(HER, UNTIL) is None


@pytest.mark.parametrize("act", ["pause", "stop"])
def test_a_form_belongs_to_one_button_of_one_link(act: str) -> None:
    forms = {LINKS.form(one, name) for one in (token(), token(uuid4())) for name in ("pause", "stop")}
    assert len(forms) == 4
    assert LINKS.form(token(), act) in forms
