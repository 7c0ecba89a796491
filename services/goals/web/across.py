"""The look across for pages: what is to come for a client, and what an operator acts on."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime
from typing import Generic, TypeVar
from uuid import UUID

import msgspec
import requests

from services.goals.messages.asking import TOKEN_LIFE, MessagesAway, asked, read
from services.goals.rules.refusal import NotThere
from services.goals.web.figures import Figures, read_figures
from shared import tokens

T = TypeVar("T")


class Coming(msgspec.Struct, frozen=True, kw_only=True):
    """A message that will go, at her own local time."""

    at: datetime
    put_off_by: str | None
    channel: str
    kinds: list[str]
    subject: str | None
    text: str | None


class HeldBack(msgspec.Struct, frozen=True):
    """Something that will not be said, and the rule that says so."""

    at: datetime
    channel: str
    kind: str
    cause: str


class Ahead(msgspec.Struct, frozen=True, kw_only=True):
    """The coming days."""

    items: list[Coming]
    held_back: list[HeldBack]
    stands_still: str | None


GLANCE = 0.5
"""Seconds that a page waits for what stands beside its subject."""
NOT_AGAIN = 10.0
"""Seconds after which the other house is asked again for that, once it was away."""
NOTHING = Ahead(items=[], held_back=[], stands_still=None)


class Unknown(msgspec.Struct, frozen=True, kw_only=True):
    """A message that may have gone, and when the provider is asked again, if ever."""

    id: UUID
    clinic_id: UUID | None
    channel: str
    cause: str | None
    claimed_at: datetime | None
    asked_again_at: datetime | None


class Text(msgspec.Struct, frozen=True, kw_only=True):
    """What she wrote that was not understood, or worries; `text` are her words, None once they are erased."""

    id: UUID
    intent: str
    safety: bool
    received_at: datetime
    text: str | None
    read_at: datetime | None
    read_by: str | None


class _Unread(msgspec.Struct, frozen=True):
    client_id: UUID
    unread: int


class _Items(msgspec.Struct, Generic[T], frozen=True):
    items: list[T]


class Reminders:
    """The reminder service at `url`, None where none is known. Threads may share it."""

    def __init__(self, url: str | None, keys: tokens.Keys, now: Callable[[], datetime]) -> None:
        self._url = url.rstrip("/") if url else None
        self._keys = keys
        self._now = now
        self._away_until = 0.0
        self._session = requests.Session()
        self._session.trust_env = False  # the other house is never behind this machine's proxy

    def ahead(self, client_id: UUID, days: int, correlation_id: str) -> Ahead:
        """What is to come in so many days, nothing where it has not heard of her. Raises MessagesAway."""
        path = f"/v1/clients/{client_id}/preview"
        content = self._ask(path, {"days": str(days)}, "service", correlation_id)
        return NOTHING if content is None else read(content, Ahead)

    def texts(self, clinic_id: UUID, client_id: UUID, correlation_id: str) -> list[Text]:
        """What she wrote that somebody is to read, the latest first; read ones too. Raises MessagesAway."""
        path = f"/v1/clients/{client_id}/texts"
        content = self._glance(path, clinic_id, correlation_id)
        return [] if content is None else read(content, _Items[Text]).items

    def unread(self, clinic_id: UUID, correlation_id: str) -> dict[UUID, int]:
        """How many such texts nobody has read, by client, of those who have any. Raises MessagesAway."""
        content = self._glance(f"/v1/clinics/{clinic_id}/texts", clinic_id, correlation_id)
        items = [] if content is None else read(content, _Items[_Unread]).items
        return {one.client_id: one.unread for one in items}

    def has_read(self, clinic_id: UUID, client_id: UUID, text: UUID, by: UUID, correlation_id: str) -> None:
        """Says that somebody of the staff has read a text. Raises MessagesAway, NotThere."""
        token = self._token("service", str(by), clinic_id)
        address = f"{self._at()}/v1/clients/{client_id}/texts/{text}/read"
        if asked(self._session, address, {}, token, correlation_id, method="PUT") is None:
            raise NotThere

    def unknown(self, correlation_id: str) -> list[Unknown]:
        """Messages of which nobody knows whether they went, the oldest first. Raises MessagesAway."""
        content = self._ask("/v1/messages", {"state": "unknown"}, "operator", correlation_id)
        return read(content or b"", _Items[Unknown]).items

    def decide(self, message: UUID, state: str, by: UUID, correlation_id: str) -> bool:
        """Says what somebody found out about an unknown message; False where it is known already what became
        of it, or there is none: then nothing is changed. Raises MessagesAway.
        """
        address, token = f"{self._at()}/v1/messages/{message}/decision", self._token("operator", str(by))
        answer = asked(
            self._session,
            address,
            {},
            token,
            correlation_id,
            method="PUT",
            data={"state": state},
            none=(404, 409),
        )
        return answer is not None

    def figures(self, correlation_id: str) -> Figures:
        """What it counts. Raises MessagesAway."""
        return read_figures((self._ask("/metrics", {}, "operator", correlation_id) or b"").decode())

    def _ask(self, path: str, query: dict[str, str], role: str, correlation_id: str) -> bytes | None:
        return asked(self._session, f"{self._at()}{path}", query, self._token(role), correlation_id)

    def _glance(self, path: str, clinic_id: UUID, correlation_id: str) -> bytes | None:
        """Asks for what a page has beside what it is about: it waits hardly, and not again for a while."""
        if time.monotonic() < self._away_until:
            raise MessagesAway("it was away just now")
        token = self._token("service", clinic_id=clinic_id)
        try:
            return asked(
                self._session, f"{self._at()}{path}", {}, token, correlation_id, GLANCE, connect=GLANCE
            )
        except MessagesAway:
            self._away_until = time.monotonic() + NOT_AGAIN
            raise

    def _at(self) -> str:
        if self._url is None:
            raise MessagesAway("CAIRN_REMINDERS_URL is not set")
        return self._url

    def _token(self, role: str, sub: str = "goals-pages", clinic_id: UUID | None = None) -> str:
        return tokens.mint(
            self._keys[0], sub=sub, role=role, clinic=clinic_id, lifetime=TOKEN_LIFE, now=self._now()
        )
