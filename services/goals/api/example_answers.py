"""An answer of each kind as the description shows it, of the story that the bodies tell."""

from __future__ import annotations

import json
from typing import Any

from services.goals.api import example_ids as ids
from services.goals.api.example_bodies import BODIES, CADENCE, EASED, GOAL, STATEMENT

FIRST_WIN = {
    "milestone_id": ids.MILESTONE,
    "rule": "first_win",
    "threshold": None,
    "epoch": None,
    "evidence": ids.WON,
}
CONTACTS = [
    {
        "channel": "sms",
        "contact_id": ids.CONTACT,
        "address": "+15035550199",
        "verified_by": "seen",
    }
]
CONSENTS = [
    {
        "consent_id": ids.CONSENT,
        "contact_id": ids.CONTACT,
        "scope": "sms",
        "text_version": "2026-11",
        "locale": "en",
        "given_by": "client",
        "in_force": True,
    }
]
REMINDERS = [
    {
        "reminder_id": ids.REMINDER,
        "kind": "practice",
        "channel": "sms",
        "goal_id": ids.GOAL,
        "cadence": CADENCE,
        "active": True,
    }
]
CLIENT: dict[str, Any] = {
    "id": ids.CLIENT,
    "registered_at": "2026-12-01T14:02:11.175909Z",
    "name": "Maya Okafor",
    "locale": "en",
    "time_zone": "America/New_York",
    "staff_ids": [ids.THERAPIST],
    "contacts": CONTACTS,
    "quiet_start": "20:30",
    "quiet_end": "09:00",
    "daily_cap": 3,
    "weekly_cap": None,
    "label": "morning walk",
    "consents": CONSENTS,
    "reminders": REMINDERS,
    "stops": {"channels": [], "reminders": []},
    "sessions": [],
    "pauses": [],
    "care_ends": [],
    "flags": [],
    "erasures": [],
    "wins": 0,
    "milestones": [FIRST_WIN],
}
RATED = {
    "rating_id": ids.RATING,
    "value": 4,
    "rater": "client",
    "epoch": 1,
    "session_id": None,
    "at": "2026-12-02T14:10:00Z",
}
STOOD_SO_FAR = {
    "epoch": 1,
    "rater": "client",
    "baseline": 4,
    "first": 4,
    "latest": 4,
    "change": 0,
    "ratings": 1,
}
A_GOAL: dict[str, Any] = GOAL | {
    "id": ids.GOAL,
    "client_id": ids.CLIENT,
    "status": "active",
    "first_words": STATEMENT,
    "reflection": None,
    "target": 1,
    "review_on": ["2026-12-16", "2026-12-31"],
    "epoch": 1,
    "adjustments": {
        "eased": 1,
        "stretched": 0,
        "refocused": 0,
        "rescheduled": 0,
        "reworded": 0,
        "corrected": 0,
    },
    "practices": 3,
    "quantity": "4.5",
    "ratings": [RATED],
    "progress": [STOOD_SO_FAR],
    "reviews": [],
    "pauses": [],
    "wins": 1,
    "closure_id": None,
    "closed_by": None,
    "outcome": None,
    "learned": None,
    "milestones": [FIRST_WIN],
}
ADJUSTED = {
    "id": ids.EVENT,
    "version": 3,
    "type": "cairn.goal.adjusted.v1",
    "time": "2026-12-03T15:20:00.229687Z",
    "recordedtime": "2026-12-03T15:20:00.231945Z",
    "actor": {"kind": "therapist", "id": ids.THERAPIST},
    "via": "api",
    "reason_code": "too_hard",
    "reason": "Mornings are rushed",
    "changes": [EASED],
    "data": {
        "adjustment_id": ids.ADJUSTMENT,
        "kind": "eased",
        "effective_on": "2026-12-03",
        "epoch": 1,
        "agreed": "together",
    },
    "voided_at": None,
}
LOOK = {
    "id": ids.LOOK,
    "time": "2026-12-03T16:00:00.292035Z",
    "actor": {"kind": "therapist", "id": ids.THERAPIST, "role": "therapist"},
    "via": "api",
    "what": "get_goal",
    "goal_id": ids.GOAL,
    "reason": None,
    "purpose": None,
    "correlation_id": ids.CORRELATION,
}
SEAL_KEY = {
    "crv": "Ed25519",
    "kid": "1IG2tMH7J2wbJZnOf8LJzQitKf7LMvoAElsuDMVM54Y",
    "kty": "OKP",
    "x": "A6EHv_POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg",
}
SEAL = {
    "number": 1,
    "made_at": "2026-12-03T17:00:00Z",
    "digest": "c8603950a9d47b12d771aac91425cb63752deb3416e39d548afc1023c7f5fd54",
    "previous": None,
    "events": 17,
    "lanes_root": "05c0207d62db3af58d97529006277cf65ac26645dbc2d431195afb4e4fb23b61",
    "key_id": SEAL_KEY["kid"],
    "signatures": [
        (
            "eyJhbGciOiJFZERTQSIsInR5cCI6ImNhaXJuLXNlYWwiLCJraWQiOiIxSUcydE1IN0oyd2JKWm5PZjhMSnpRaXRLZjdMTXZv"
            "QUVsc3VETVZNNTRZIn0.eyJldmVudHMiOjE3LCJrZXkiOnsiY3J2IjoiRWQyNTUxOSIsImtpZCI6IjFJRzJ0TUg3SjJ3Ykpa"
            "bk9mOExKelFpdEtmN0xNdm9BRWxzdURNVk01NFkiLCJrdHkiOiJPS1AiLCJ4IjoiQTZFSHZfUE9FTDRkY04wWTUwdkFtV2Zr"
            "MWpDYnBRMWZIZHlHWkJKVk1iZyJ9LCJsYW5lcyI6MSwibGFuZXNfcm9vdCI6IjA1YzAyMDdkNjJkYjNhZjU4ZDk3NTI5MDA2"
            "Mjc3Y2Y2NWFjMjY2NDVkYmMyZDQzMTE5NWFmYjRlNGZiMjNiNjEiLCJtYWRlX2F0IjoiMjAyNi0xMi0wM1QxNzowMDowMFoi"
            "LCJudW1iZXIiOjEsInByZXZpb3VzIjpudWxsfQ.fDp-2iLH0dR6ohTtcmom3j4fFs0uV2Xw2wp3Nzit5JijzwO4U000vlMrX"
            "gA_88sDYp9pe-561FL99E_CDHXKDw"
        )
    ],
}
OF_THE_FEED = {
    "specversion": "1.0",
    "id": ids.WON,
    "source": f"/clinics/{ids.CLINIC}",
    "type": "cairn.win.recorded.v1",
    "subject": ids.GOAL,
    "time": "2026-12-02T14:10:00.243735Z",
    "datacontenttype": "application/json",
    "lane": 234,
    "sequence": "17",
    "recordversion": "9",
    "partitionkey": ids.CLIENT,
    "recordedtime": "2026-12-02T14:10:00.244444Z",
    "actorkind": "client",
    "actorid": ids.CLIENT,
    "via": "sms",
    "correlationid": ids.CORRELATION,
    "data": {"win_id": ids.WIN, "kind": "effort", "on": "2026-12-02"},
}

LINES = json.dumps(OF_THE_FEED | {"proof": "eyJ2ZXJzaW9uIjo3LCJzaGFwZSI6MX0"}, separators=(",", ":")) + "\n"
"""A line of an export, its proof cut short."""

ANSWERS: dict[str, Any] = {
    "Clinic": BODIES["ClinicBody"]
    | {
        "id": ids.CLINIC,
        "staff": [{"staff_id": ids.THERAPIST} | BODIES["StaffBody"]],
        "milestones": [],
    },
    "Client": CLIENT,
    "Goal": A_GOAL,
    "ClientPage": {"items": [CLIENT], "next": None},
    "Difference": {"changes": [EASED], "history": [ADJUSTED]},
    "HistoryPage": {"items": [ADJUSTED], "next": "Mw"},
    "AccessPage": {"items": [LOOK], "next": None},
    "SealPage": {"items": [SEAL], "next": None, "keys": [SEAL_KEY]},
    "CloudEvents": [OF_THE_FEED],
    "Tombstone": {
        "title": "Gone",
        "status": 410,
        "detail": "This record was erased; nothing personal of it is left.",
        "state": "erased",
        "record_id": ids.CLIENT,
        "erasure_id": ids.ERASURE,
        "erased_at": "2026-12-20T05:00:00Z",
    },
}
"""By the names of their schemas."""
