"""The goals service as our own code calls it: one request, its answer, or who said no and how."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Literal, NamedTuple, TypeVar
from uuid import UUID

import msgspec
import requests

from shared import tracing
from shared.passing import CORRELATION
from shared.problems import CONTENT_TYPE as PROBLEM

CONNECT_SECONDS = 3
ANSWER_SECONDS = 15
LONGEST_AFTER = 30.0
"""Seconds; whoever asks to be left alone for longer is asked again then."""

T = TypeVar("T")
Method = Literal["GET", "PUT", "DELETE"]
Token = Callable[[UUID | None, UUID | None], str]
"""Mints a bearer token for what belongs to a clinic, and for the client who acts herself.

Without a clinic it is for what belongs to none, as the feed; without a client it is our own.
"""


class GoalsAway(Exception):
    """It cannot be reached, or cannot answer now. It may have done what was asked; to ask again is free."""


class GoalsRefused(Exception):
    """It answers, and says no. `status` is HTTP's; the text holds nothing that was sent."""

    def __init__(self, status: int) -> None:
        super().__init__(f"status {status}")
        self.status = status


class Answer(NamedTuple):
    """What it answered, and how many seconds it asks to be left alone."""

    status: int
    body: bytes
    retry_after: float

    def read(self, shape: type[T]) -> T:
        """The body as a value of this type. Raises GoalsAway: what stands before the service answered."""
        try:
            return msgspec.json.decode(self.body, type=shape)
        except msgspec.MsgspecError as error:
            raise GoalsAway("the answer is not what was asked for") from error


class Goals:
    """The goals service at `url`. Threads may share it."""

    def __init__(self, url: str, token: Token) -> None:
        self._url = url.rstrip("/")
        self._token = token
        self._session = requests.Session()
        self._session.trust_env = False  # the other house is never behind this machine's proxy

    def put(
        self, clinic_id: UUID, path: str, body: bytes, correlation_id: str, *, client_id: UUID | None = None
    ) -> Answer:
        """Puts a thing, its JSON whole; as `client_id` where she does so herself.

        Raises GoalsAway, GoalsRefused.
        """
        headers = {CORRELATION: correlation_id, "Content-Type": "application/json"}
        return self._ask("PUT", path, clinic_id, headers, body=body, client_id=client_id)

    def delete(
        self, clinic_id: UUID, path: str, correlation_id: str, *, client_id: UUID | None = None
    ) -> Answer:
        """Takes a thing back. Raises GoalsAway, GoalsRefused."""
        return self._ask("DELETE", path, clinic_id, {CORRELATION: correlation_id}, client_id=client_id)

    def get(
        self,
        path: str,
        *,
        clinic_id: UUID | None = None,
        query: Mapping[str, str | int] | None = None,
        accept: str = "application/json",
        seconds: float = ANSWER_SECONDS,
    ) -> Answer:
        """Reads, waiting for the answer for so many seconds. Raises GoalsAway, GoalsRefused."""
        return self._ask("GET", path, clinic_id, {"Accept": accept}, query=query, seconds=seconds)

    def close(self) -> None:
        """Lets go of its connections."""
        self._session.close()

    def _ask(
        self,
        method: Method,
        path: str,
        clinic_id: UUID | None,
        headers: Mapping[str, str],
        *,
        query: Mapping[str, str | int] | None = None,
        body: bytes | None = None,
        seconds: float = ANSWER_SECONDS,
        client_id: UUID | None = None,
    ) -> Answer:
        try:
            answer = self._session.request(
                method,
                f"{self._url}{path}",
                params=query,
                data=body,
                headers={
                    **headers,
                    **tracing.headers(),
                    "Authorization": f"Bearer {self._token(clinic_id, client_id)}",
                },
                timeout=(CONNECT_SECONDS, seconds),
                allow_redirects=False,
            )
        except requests.RequestException as error:
            raise GoalsAway(type(error).__name__) from error
        if answer.status_code < 300:
            return Answer(answer.status_code, answer.content, _seconds(answer.headers.get("Retry-After")))
        raise _no(answer)


def _no(answer: requests.Response) -> Exception:
    """Only a problem is the service's own word: what stands before it may answer 404, too."""
    status = answer.status_code
    said = answer.headers.get("Content-Type", "").startswith(PROBLEM)
    if said and 400 <= status < 500 and status != 429:
        return GoalsRefused(status)
    return GoalsAway(f"status {status}")


def _seconds(header: str | None) -> float:
    if header is None or not re.fullmatch(r"\d{1,6}", header.strip()):
        return 0.0
    return min(float(header), LONGEST_AFTER)
