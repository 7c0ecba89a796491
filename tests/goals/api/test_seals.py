"""GET /v1/seals: what is kept of it elsewhere, the log can be held to later."""

from __future__ import annotations

from datetime import timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from flask import Flask

from services.goals.api.call import ROOMS, Rooms
from services.goals.seals.published import Published
from services.goals.seals.sealing import seal
from services.goals.seals.signing import SEAL, opened, public_of
from tests import controls as c
from tests.goals.api.callers import A_CLIENT, SEAL_KEY, Knock, named

NEXT = b"b" * 32


class Sealed:
    """The house, and who seals its log."""

    def __init__(self, knock: Knock, rooms: Rooms) -> None:
        self.knock = knock
        self.rooms = rooms
        self.hours = 0

    def seal(self, *keys: bytes) -> None:
        self.hours += 1
        self.knock("client", "PUT", f"{A_CLIENT}/wins/{named(str(self.hours))}", {})
        made = seal(
            self.rooms.house.engine, self.rooms.seals.place, keys, c.NOW + timedelta(hours=self.hours)
        )
        assert made is not None


@pytest.fixture
def sealed(active: Knock, app: Flask) -> Sealed:
    return Sealed(active, app.extensions[ROOMS])


def test_nothing_is_sealed_at_first(active: Knock) -> None:
    assert active("therapist", "GET", "/v1/seals").json == {
        "items": [],
        "next": None,
        "keys": [public_of(SEAL_KEY)],
    }


def test_seals_are_listed_from_the_last_with_what_was_signed(sealed: Sealed) -> None:
    sealed.seal(SEAL_KEY)
    sealed.seal(NEXT, SEAL_KEY)
    page = sealed.knock("operator", "GET", "/v1/seals").json
    assert [item["number"] for item in page["items"]] == [2, 1]
    assert page["keys"] == [public_of(SEAL_KEY), public_of(NEXT)]
    last, first = page["items"]
    assert [len(last["signatures"]), len(first["signatures"])] == [2, 1]
    assert last["previous"] == first["digest"]
    payload = opened(first["signatures"][0], SEAL, {public_of(SEAL_KEY)["kid"]: page["keys"][0]})
    assert sha256(payload).hexdigest() == first["digest"]


def test_a_page_leads_to_the_next(sealed: Sealed) -> None:
    for _ in range(3):
        sealed.seal(SEAL_KEY)
    page = sealed.knock("client", "GET", "/v1/seals?limit=2").json
    rest = sealed.knock("client", "GET", f"/v1/seals?limit=2&after={page['next']}").json
    assert [item["number"] for item in (*page["items"], *rest["items"])] == [3, 2, 1]
    assert rest["next"] is None


def test_a_key_that_has_signed_nothing_yet_is_published(sealed: Sealed) -> None:
    sealed.seal(SEAL_KEY)
    published = Published(sealed.rooms.seals.place, (NEXT, SEAL_KEY))
    assert published.keys() == published.keys() == [public_of(SEAL_KEY), public_of(NEXT)]


@pytest.mark.parametrize("cursor", ["x", "MA", "!"])
def test_a_cursor_that_nobody_gave_is_refused(active: Knock, cursor: str) -> None:
    assert active("lead", "GET", f"/v1/seals?after={cursor}").status_code == 422


def test_where_they_are_kept_being_away_is_told(active: Knock, tmp_path: Path) -> None:
    (tmp_path / "seals").symlink_to("seals")  # a loop: nobody may read it, root neither
    for path in ("/v1/seals", f"{A_CLIENT}/export?format=jsonl&purpose=transfer"):
        answer = active("lead", "GET", path)
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "60")
        assert answer.json["detail"] == (
            "Where the seals are kept cannot be reached just now; come back in a while."
        )


def test_a_seal_that_is_not_right_is_told_and_not_shown(sealed: Sealed) -> None:
    sealed.rooms.seals.place.keep("00000001.json", b"{}")
    answer = sealed.knock("lead", "GET", "/v1/seals")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "60")
    assert "seal 1 cannot be read" in answer.json["detail"]
