"""The first clinic of an installation and those who work there, so that somebody can sign in at once."""

import secrets
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

from infra.local.door import put
from infra.local.home import Home
from shared import tokens
from shared.settings import Settings

SIGN_IN = timedelta(days=30)
CLINIC = {
    "name": "Cairn Counselling",
    "sender": "Cairn",
    "phone": "+15035550100",
    "country": "US",
    "locale": "en",
    "time_zone": "America/New_York",
    "quiet_start": "21:00",
    "quiet_end": "08:00",
}
STAFF = {
    "therapist": {"role": "therapist", "name": "Therapist", "email": "therapist@example.org"},
    "lead": {"role": "lead", "name": "Lead", "email": "lead@example.org"},
    "operator": {"role": "operator", "name": "Operator", "email": "operator@example.org"},
}


@dataclass(frozen=True)
class People:
    """The clinic's id, a token for each role, good for 30 days, and the password of all who work there."""

    clinic: str
    tokens: dict[str, str] = field(repr=False)
    password: str = field(repr=False)


def welcome(home: Home, settings: Settings, goals_url: str) -> People:
    """Make the first clinic and its staff when the home is new; their tokens at each start.

    The ids are kept before they are used, so that a start cut short makes no second clinic.
    """
    token_key = settings.require("token_key")
    kept = home.read("people.json")
    if not kept:
        kept = {"clinic": str(uuid4()), "staff": {role: str(uuid4()) for role in STAFF}, "made": False}
        home.write("people.json", kept)
    clinic, staff = kept["clinic"], kept["staff"]
    signed = _tokens(token_key, clinic, staff)
    if not kept["made"]:
        place = f"{goals_url}/v1/clinics/{clinic}"
        put(place, signed["operator"], CLINIC)
        for role, person in STAFF.items():
            put(f"{place}/staff/{staff[role]}", signed["operator"], person)
        kept |= {"made": True}
        home.write("people.json", kept)
    if "password" not in kept:
        kept |= {"password": _password(settings, clinic, staff)}
        home.write("people.json", kept)
    return People(clinic, signed, kept["password"])


def _password(settings: Settings, clinic: str, staff: dict[str, str]) -> str:
    """A password that opens the pages to each of them."""
    from services.goals.web.inviting import give_password  # noqa: PLC0415  half a second, once

    made = secrets.token_urlsafe(12)
    for staff_id in staff.values():
        give_password(settings, UUID(clinic), UUID(staff_id), made)
    return made


def _tokens(key: bytes, clinic: str, staff: dict[str, str]) -> dict[str, str]:
    now = datetime.now(UTC)

    def sign(role: str, sub: str, of: str | None) -> str:
        return tokens.mint(key, sub=sub, role=role, clinic=of, lifetime=SIGN_IN, now=now)

    return {
        "therapist": sign("therapist", staff["therapist"], clinic),
        "lead": sign("lead", staff["lead"], clinic),
        "operator": sign("operator", staff["operator"], None),
        "service": sign("service", "cairn-up", None),
    }
