"""The first clinic of an installation and those who work there, so that somebody can sign in at once."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import uuid4

from infra.local.door import put
from infra.local.home import Home
from shared import tokens

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
    """The clinic's id, and a token for each role, good for 30 days."""

    clinic: str
    tokens: dict[str, str] = field(repr=False)


def welcome(home: Home, token_key: bytes, goals_url: str) -> People:
    """Make the first clinic and its staff when the home is new; their tokens at each start.

    The ids are kept before they are used, so that a start cut short makes no second clinic.
    """
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
        home.write("people.json", kept | {"made": True})
    return People(clinic, signed)


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
