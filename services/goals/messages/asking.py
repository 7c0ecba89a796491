"""Asking the reminder service for a client's messages, page by page, within a few seconds or not at all."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TypeVar
from uuid import UUID

import msgspec
import requests

from services.goals.messages.told import Page, Told
from shared import tokens, tracing
from shared.passing import CORRELATION
from shared.problems import CONTENT_TYPE as PROBLEM

CONNECT_SECONDS = 2
ANSWER_SECONDS = 5.0
"""Somebody waits for it."""
TOKEN_LIFE = timedelta(minutes=5)

T = TypeVar("T")


class MessagesAway(Exception):
    """Nobody can tell of the messages just now. The text says why, and holds nothing of anybody."""


class Messages:
    """The reminder service at `url`, None where none is known. Threads may share it.

    It has so many seconds for a page of `limit` messages, and three times as many for all pages.
    """

    def __init__(
        self, url: str | None, token: Callable[[], str], *, limit: int = 200, seconds: float = ANSWER_SECONDS
    ) -> None:
        self._url = url.rstrip("/") if url else None
        self._token = token
        self._limit = limit
        self._seconds = seconds
        self._session = requests.Session()
        self._session.trust_env = False  # the other house is never behind this machine's proxy

    def of(self, client_id: UUID, correlation_id: str) -> Told:
        """All messages and answers of a client, none where it has not heard of her. Raises MessagesAway."""
        if self._url is None:
            raise MessagesAway("CAIRN_REMINDERS_URL is not set")
        ends = time.monotonic() + 3 * self._seconds
        told, after = Told(), None
        while page := self._page(f"{self._url}/v1/clients/{client_id}/messages", after, correlation_id):
            told = Told((*told.messages, *page.items), (*told.answers, *page.answers))
            after = page.next
            if after is None:
                break
            if time.monotonic() > ends:
                raise MessagesAway("it takes too long")
        return told

    def close(self) -> None:
        """Lets go of its connections."""
        self._session.close()

    def _page(self, address: str, after: str | None, correlation_id: str) -> Page | None:
        """A page; None where there is no such client."""
        query = {"limit": str(self._limit)} | ({"after": after} if after else {})
        content = asked(self._session, address, query, self._token(), correlation_id, self._seconds)
        return None if content is None else read(content, Page)


def asked(
    session: requests.Session,
    address: str,
    query: dict[str, str],
    token: str,
    correlation_id: str,
    seconds: float = ANSWER_SECONDS,
    *,
    connect: float = CONNECT_SECONDS,
    method: str = "GET",
    data: dict[str, str] | None = None,
    none: tuple[int, ...] = (404,),
) -> bytes | None:
    """What a question is answered by; None where it is refused by a status of `none`, as for no such client.
    Raises MessagesAway.
    """
    try:
        answer = session.request(
            method,
            address,
            params=query,
            data=data,
            headers={"Authorization": f"Bearer {token}", CORRELATION: correlation_id, **tracing.headers()},
            timeout=(connect, seconds),
            allow_redirects=False,
        )
    except requests.RequestException as error:
        raise MessagesAway(type(error).__name__) from error
    if answer.status_code in none and answer.headers.get("Content-Type", "").startswith(PROBLEM):
        return None
    if answer.status_code != 200:
        raise MessagesAway(f"status {answer.status_code}")
    return answer.content


def read(content: bytes, shape: type[T]) -> T:
    """An answer as a value of this type. Raises MessagesAway."""
    try:
        return msgspec.json.decode(content, type=shape)
    except msgspec.MsgspecError as error:
        raise MessagesAway("the answer is not what was asked for") from error


def as_the_house(keys: tokens.Keys) -> Callable[[], str]:
    """Mints a token of our own for each question: who may look was judged, and written down, before it."""

    def token() -> str:
        now = datetime.now(UTC)
        return tokens.mint(keys[0], sub="goals", role="service", lifetime=TOKEN_LIFE, now=now)

    return token
