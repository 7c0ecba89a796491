"""Who knocks at the door in these tests, with what token, and the requests of the story in their one form."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from flask import Flask
from werkzeug.datastructures import Headers

from shared.settings import Settings
from shared.tokens import mint
from tests.controls import (
    ADDRESS,
    CLIENT,
    CLINIC,
    COLLEAGUE,
    GOAL,
    NAME,
    NUMBER,
    OTHER_CLINIC,
    STATEMENT,
    THERAPIST,
    ZONE,
)

TOKEN_KEY = bytes(range(32))
MASTER_KEY = bytes(range(32, 64))
SEAL_KEY = bytes(range(64, 96))
OTHER_CLIENT = UUID("00000000-0000-4000-8000-0000000000b2")
SOMEBODY = UUID("00000000-0000-4000-8000-0000000000a9")

PEOPLE: dict[str, dict[str, Any]] = {
    "operator": {"sub": "operations", "role": "operator"},
    "service": {"sub": "reminders", "role": "service", "clinic": CLINIC},
    "therapist": {"sub": str(THERAPIST), "role": "therapist", "clinic": CLINIC},
    "colleague": {"sub": str(COLLEAGUE), "role": "therapist", "clinic": CLINIC},
    "lead": {"sub": str(SOMEBODY), "role": "lead", "clinic": CLINIC},
    "client": {"sub": str(CLIENT), "role": "client", "clinic": CLINIC, "client": CLIENT},
    "another client": {"sub": str(OTHER_CLIENT), "role": "client", "clinic": CLINIC, "client": OTHER_CLIENT},
    "therapist elsewhere": {"sub": str(THERAPIST), "role": "therapist", "clinic": OTHER_CLINIC},
    "lead elsewhere": {"sub": str(SOMEBODY), "role": "lead", "clinic": OTHER_CLINIC},
    "client elsewhere": {
        "sub": str(OTHER_CLIENT),
        "role": "client",
        "clinic": OTHER_CLINIC,
        "client": OTHER_CLIENT,
    },
    "service elsewhere": {"sub": "reminders", "role": "service", "clinic": OTHER_CLINIC},
    "service of no clinic": {"sub": "reminders", "role": "service"},
}


def settings(goals_url: str, vault_url: str, **others: Any) -> Settings:
    """The settings of a goals service on these databases."""
    return Settings(
        goals_database_url=goals_url,
        vault_database_url=vault_url,
        **{"master_key": MASTER_KEY, "token_key": TOKEN_KEY} | others,
    )


def token(who: str) -> str:
    """A token of somebody, good for an hour."""
    return mint(TOKEN_KEY, **PEOPLE[who], lifetime=timedelta(hours=1), now=datetime.now(UTC))


def sign_in(who: str) -> dict[str, str]:
    """The header with which somebody signs in."""
    return {"Authorization": f"Bearer {token(who)}"}


@dataclass(frozen=True)
class Told:
    """What was answered."""

    status_code: int
    headers: Headers
    text: str
    json: Any

    @property
    def content_type(self) -> str:
        """What the answer says that it is."""
        return self.headers.get("Content-Type", "")


class Knock:
    """Sends requests to an app as somebody."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.client = app.test_client()

    def bearer(self, who: str) -> str:
        """The header with which somebody signs in."""
        return sign_in(who)["Authorization"]

    def __call__(self, who: str | None, method: str, path: str, body: Any = None, **headers: str) -> Told:
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if who is not None:
            sent["Authorization"] = self.bearer(who)
        how: dict[str, Any] = {"data": body} if isinstance(body, bytes) else {}
        if body is not None and not isinstance(body, bytes):
            how = {"json": body}
        elif how:
            how["content_type"] = "application/json"
        answer = self.client.open(path, method=method, headers=sent, **how)
        return Told(answer.status_code, answer.headers, answer.text, answer.get_json(silent=True))


def named(what: str) -> UUID:
    """An id that a caller made, the same for the same words."""
    return uuid5(CLIENT, what)


def today() -> date:
    """The day that it is where she is; near enough for the tests, which keep away from midnight's rules."""
    return datetime.now(ZoneInfo(ZONE)).date()


CLINIC_BODY = {
    "name": "Northside Counselling",
    "sender": "Northside",
    "phone": "+15035550100",
    "country": "US",
    "locale": "en",
    "time_zone": ZONE,
    "quiet_start": "21:00",
    "quiet_end": "08:00",
    "cover_email": "cover@example.org",
}
STAFF_BODY = {"role": "therapist", "name": "Ana Ruiz", "email": "ana@example.org"}
CLIENT_BODY = {"name": NAME, "locale": "en", "time_zone": ZONE, "adult": True}
DRAFT_BODY = {"status": "draft", "theme": "coping", "statement": STATEMENT}
CONSENT_BODY = {"text_version": "2026-11", "given_by": "client"}
REMINDER_BODY = {
    "kind": "practice",
    "channel": "sms",
    "cadence": {"days": ["mon", "tue"], "times": ["08:00", "20:00"]},
}
FLAG_BODY = {"message_ref": "SM0001", "crisis_line": "988", "rule": "en:hopeless"}
EASED = {
    "kind": "eased",
    "changes": [{"field": "target", "from": 2, "to": 1}],
    "reason_code": "too_hard",
    "reason": "Mornings are rushed",
    "agreed": "together",
}

A_CLINIC = f"/v1/clinics/{CLINIC}"
A_CLIENT = f"/v1/clients/{CLIENT}"
HER_GOAL = f"{A_CLIENT}/goals/{GOAL}"
A_GOAL = f"/v1/goals/{GOAL}"


def goal_body(**changes: Any) -> dict[str, Any]:
    """The SMART goal of the story, from three days ago until a month later."""
    return {
        "status": "active",
        "theme": "coping",
        "statement": STATEMENT,
        "specific": "Deep breathing for five minutes",
        "measure": {"kind": "per_period", "unit": "exercise", "period": "day"},
        "baseline": 0,
        "target": 2,
        "confidence": 7,
        "relevance": "To meet anxious moments with something that helps",
        "start_on": str(today() - timedelta(days=3)),
        "end_on": str(today() + timedelta(days=27)),
        "cadence": {"days": ["mon", "wed"], "times": ["08:00", "20:00"]},
        "focus": True,
        "agreed": "together",
    } | changes


def begin(knock: Knock) -> None:
    """A clinic with a therapist, and her client with a phone and an e-mail address."""
    for who, path, body in (
        ("operator", A_CLINIC, CLINIC_BODY),
        ("operator", f"{A_CLINIC}/staff/{THERAPIST}", STAFF_BODY),
        ("therapist", A_CLIENT, CLIENT_BODY),
        ("therapist", f"{A_CLIENT}/contacts/sms", {"address": NUMBER, "verified_by": "seen"}),
        ("therapist", f"{A_CLIENT}/contacts/email", {"address": ADDRESS, "verified_by": "seen"}),
    ):
        answer = knock(who, "PUT", path, body)
        assert answer.status_code == 201, answer.text


def set_goal(knock: Knock) -> str:
    """Her goal, active; its ETag."""
    answer = knock("therapist", "PUT", HER_GOAL, goal_body())
    assert answer.status_code == 201, answer.text
    return answer.headers["ETag"]
