"""The look across to the reminder service: what was sent to a client, what she answered, what is to come."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TypeVar
from uuid import UUID

import msgspec
import requests
import structlog
from prometheus_client.parser import text_string_to_metric_families

from shared.tokens import Key, mint

CONNECT_SECONDS, ANSWER_SECONDS = 1.0, 4.0
MOST_PAGES = 5
"""Of messages, the oldest first: a year's of a client who gets a few a day."""
TOKEN_FOR = timedelta(minutes=5)

T = TypeVar("T")
log = structlog.get_logger()


class Away(Exception):
    """The reminder service cannot be reached, or cannot answer now."""


class Message(msgspec.Struct, frozen=True, kw_only=True):
    """A message as it is now; never its words."""

    kinds: list[str]
    channel: str
    state: str
    cause: str | None
    held_until: datetime | None
    planned_at: datetime
    said_at: datetime | None
    consent_id: UUID | None


class Reply(msgspec.Struct, frozen=True):
    """A text of hers: what it was understood as."""

    channel: str
    intent: str
    safety: bool
    received_at: datetime


class _Messages(msgspec.Struct, frozen=True):
    items: list[Message]
    answers: list[Reply]
    next: str | None


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


class Messages(msgspec.Struct, frozen=True):
    """What went to her and what she answered, each the latest first."""

    items: list[Message]
    answers: list[Reply]


class Unknown(msgspec.Struct, frozen=True, kw_only=True):
    """A message that may have gone, and when the provider is asked again, if ever."""

    id: UUID
    clinic_id: UUID | None
    channel: str
    cause: str | None
    claimed_at: datetime | None
    asked_again_at: datetime | None


class _Unknowns(msgspec.Struct, frozen=True):
    items: list[Unknown]


@dataclass
class Figures:
    """What the reminder service counts, as far as somebody may have to act on it."""

    waiting: int = 0
    unknown: int = 0
    due_seconds: int = 0
    signpost_seconds: int = 0
    lane_seconds: int = 0
    untold: int = 0
    untold_seconds: int = 0
    followers: int = 0
    parked: dict[str, int] = field(default_factory=dict)
    sender: dict[tuple[str, str], int] = field(default_factory=dict)


class Reminders:
    """The reminder service at `url`. Threads may share it; every question is bounded in time."""

    def __init__(self, url: str, token_key: Key, now: Callable[[], datetime]) -> None:
        self._url = url.rstrip("/")
        self._key = token_key
        self._now = now
        self._session = requests.Session()
        self._session.trust_env = False  # the other house is never behind this machine's proxy

    def messages(self, client_id: UUID) -> Messages:
        """What was sent, held back and answered. Raises Away."""
        items, answers, after = list[Message](), list[Reply](), None
        for _ in range(MOST_PAGES):
            asked = {"limit": "200"} | ({"after": after} if after else {})
            some = self._get(f"/v1/clients/{client_id}/messages", asked, _Messages)
            items, answers, after = items + some.items, answers + some.answers, some.next
            if after is None:
                break
        return Messages(items[::-1], answers[::-1])

    def ahead(self, client_id: UUID, days: int) -> Ahead:
        """What is to come in so many days. Raises Away."""
        return self._get(f"/v1/clients/{client_id}/preview", {"days": str(days)}, Ahead)

    def unknown(self) -> list[Unknown]:
        """Messages of which nobody knows whether they went, the oldest first. Raises Away."""
        return self._get("/v1/messages", {"state": "unknown"}, _Unknowns, role="operator").items

    def figures(self) -> Figures:
        """What it counts. Raises Away."""
        page = self._ask("/metrics", {}, "operator").content.decode()
        return _figures(page)

    def _get(self, path: str, query: dict[str, str], shape: type[T], role: str = "service") -> T:
        answer = self._ask(path, query, role)
        # It may not have heard of her yet.
        content = _NOTHING if answer.status_code == 404 else answer.content
        try:
            return msgspec.json.decode(content, type=shape)
        except msgspec.MsgspecError as error:
            raise _away(error) from error

    def _ask(self, path: str, query: dict[str, str], role: str) -> requests.Response:
        token = mint(self._key, sub="goals-pages", role=role, lifetime=TOKEN_FOR, now=self._now())
        try:
            answer = self._session.get(
                f"{self._url}{path}",
                params=query,
                headers={"Authorization": f"Bearer {token}"},
                timeout=(CONNECT_SECONDS, ANSWER_SECONDS),
                allow_redirects=False,
            )
            if answer.status_code != 404:
                answer.raise_for_status()
        except requests.RequestException as error:
            raise _away(error) from error
        return answer


def _away(error: Exception) -> Away:
    log.warning("reminders_away", error=type(error).__name__)
    return Away()


def _figures(page: str) -> Figures:
    """Read off the page that Prometheus reads."""
    found = Figures()
    for family in text_string_to_metric_families(page):
        for sample in family.samples:
            value = int(sample.value)
            match sample.name, sample.labels:
                case "cairn_messages", {"state": "planned"}:
                    found.waiting += value
                case "cairn_messages", {"state": "unknown"}:
                    found.unknown += value
                case "cairn_due_lag_seconds", _:
                    found.due_seconds = max(0, value)
                case "cairn_signpost_wait_seconds", _:
                    found.signpost_seconds = max(0, value)
                case "cairn_lane_lag_seconds", _:
                    found.lane_seconds = max(0, value)
                case "cairn_outgoing_facts", _:
                    found.untold += value
                case "cairn_outgoing_lag_seconds", _:
                    found.untold_seconds = max(0, value)
                case "cairn_followers", _:
                    found.followers = value
                case "cairn_parked_records", {"reason": reason} if value:
                    found.parked[reason] = value
                case "cairn_sender_troubles", {"channel": channel, "cause": cause} if value:
                    found.sender[channel, cause] = value
                case _:
                    pass
    return found


_NOTHING = b'{"items": [], "answers": [], "held_back": [], "next": null, "stands_still": null}'
