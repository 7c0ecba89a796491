"""A bearer token is read from its header, and whatever is none is the one 401."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Request
from werkzeug.test import EnvironBuilder

from shared.bearer import claims_of
from shared.problems import Problem
from shared.tokens import mint
from tests.controls import CLINIC, NOW, THERAPIST

KEY = bytes(range(32))
HOUR = timedelta(hours=1)
ANAS = mint(KEY, sub=str(THERAPIST), role="therapist", clinic=CLINIC, lifetime=HOUR, now=NOW)


def asking(authorization: str | None) -> Request:
    headers = [("Authorization", authorization)] if authorization is not None else []
    return Request(EnvironBuilder(headers=headers).get_environ())


@pytest.mark.parametrize("scheme", ["Bearer ", "bearer ", "BEARER  "])
def test_a_token_that_holds_says_who_it_is(scheme: str) -> None:
    claims = claims_of(asking(scheme + ANAS), (KEY,), NOW)
    assert (claims.sub, claims.role, claims.clinic) == (str(THERAPIST), "therapist", CLINIC)


@pytest.mark.parametrize("said", [None, "", "Bearer", "Bearer  ", "Basic bWF5YQ==", ANAS])
def test_without_a_token_one_is_asked_to_sign_in(said: str | None) -> None:
    with pytest.raises(Problem) as refused:
        claims_of(asking(said), (KEY,), NOW)
    assert refused.value.status == 401
    assert refused.value.headers == {"WWW-Authenticate": 'Bearer realm="cairn"'}


def test_a_token_that_does_not_hold_is_said_to_be_invalid() -> None:
    for token, now in (("no.such.token", NOW), (ANAS, NOW + HOUR), (ANAS[:-4], NOW)):
        with pytest.raises(Problem) as refused:
            claims_of(asking(f"Bearer {token}"), (KEY,), now)
        assert refused.value.status == 401
        assert 'error="invalid_token"' in refused.value.headers["WWW-Authenticate"]
