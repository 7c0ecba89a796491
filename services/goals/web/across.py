"""The look across for pages: what is to come for a client, and what an operator acts on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

import msgspec
import requests
from prometheus_client.parser import text_string_to_metric_families

from services.goals.messages.asking import TOKEN_LIFE, MessagesAway, asked, read
from shared import tokens


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


NOTHING = Ahead(items=[], held_back=[], stands_still=None)


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
    """The reminder service at `url`, None where none is known. Threads may share it."""

    def __init__(self, url: str | None, keys: tokens.Keys, now: Callable[[], datetime]) -> None:
        self._url = url.rstrip("/") if url else None
        self._keys = keys
        self._now = now
        self._session = requests.Session()
        self._session.trust_env = False  # the other house is never behind this machine's proxy

    def ahead(self, client_id: UUID, days: int, correlation_id: str) -> Ahead:
        """What is to come in so many days, nothing where it has not heard of her. Raises MessagesAway."""
        path = f"/v1/clients/{client_id}/preview"
        content = self._ask(path, {"days": str(days)}, "service", correlation_id)
        return NOTHING if content is None else read(content, Ahead)

    def unknown(self, correlation_id: str) -> list[Unknown]:
        """Messages of which nobody knows whether they went, the oldest first. Raises MessagesAway."""
        content = self._ask("/v1/messages", {"state": "unknown"}, "operator", correlation_id)
        return read(content or b"", _Unknowns).items

    def figures(self, correlation_id: str) -> Figures:
        """What it counts. Raises MessagesAway."""
        return _figures((self._ask("/metrics", {}, "operator", correlation_id) or b"").decode())

    def _ask(self, path: str, query: dict[str, str], role: str, correlation_id: str) -> bytes | None:
        if self._url is None:
            raise MessagesAway("CAIRN_REMINDERS_URL is not set")
        token = tokens.mint(self._keys[0], sub="goals-pages", role=role, lifetime=TOKEN_LIFE, now=self._now())
        return asked(self._session, f"{self._url}{path}", query, token, correlation_id)


def _figures(page: str) -> Figures:
    """Read off the page that Prometheus reads."""
    found = Figures()
    for family in text_string_to_metric_families(page):
        for sample in family.samples:
            value = int(sample.value)
            match sample.name, sample.labels:
                case "cairn_backlog", _:
                    found.waiting += value
                case "cairn_messages_unknown", _:
                    found.unknown += value
                case "cairn_due_lag_seconds", _:
                    found.due_seconds = max(found.due_seconds, value)
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
