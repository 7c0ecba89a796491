"""The keys that tokens are signed with are changed without anybody signing in anew."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest

from services.goals.api.call import ROOMS
from services.goals.app import create_app
from shared.tokens import mint, published
from tests.conftest import Databases
from tests.goals.api.callers import TOKEN_KEY, Knock, settings

NEW = b"n" * 32


@pytest.fixture
def served_with(databases: Databases) -> Iterator[Callable[..., Knock]]:
    """The service with such token keys, the first of which signs."""
    made = []

    def serve(*keys: bytes) -> Knock:
        its = settings(databases.goals, databases.vault, token_key=keys[0], token_keys_known=keys[1:] or None)
        made.append(create_app(its, threads=4))
        return Knock(made[-1])

    yield serve
    for app in made:
        app.extensions[ROOMS].close()


def signed_by(key: bytes) -> str:
    return "Bearer " + mint(
        key, sub="operations", role="operator", lifetime=timedelta(hours=1), now=datetime.now(UTC)
    )


def test_while_they_are_changed_tokens_of_both_are_taken(served_with: Callable[..., Knock]) -> None:
    for keys, taken in (
        ((TOKEN_KEY,), {TOKEN_KEY}),
        ((TOKEN_KEY, NEW), {TOKEN_KEY, NEW}),
        ((NEW, TOKEN_KEY), {TOKEN_KEY, NEW}),
        ((NEW,), {NEW}),
    ):
        knock = served_with(*keys)
        for key in (TOKEN_KEY, NEW):
            status = knock(None, "GET", "/v1/clients", Authorization=signed_by(key)).status_code
            assert status == (403 if key in taken else 401)  # an operator has no clients


def test_the_public_keys_are_there_for_everybody(served_with: Callable[..., Knock]) -> None:
    page = served_with(NEW, TOKEN_KEY)(None, "GET", "/.well-known/jwks.json")
    assert (page.status_code, page.content_type) == (200, "application/jwk-set+json")
    assert page.json == published((NEW, TOKEN_KEY))
