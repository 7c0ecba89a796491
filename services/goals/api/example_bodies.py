"""A body of each kind as the description shows it: the story of Maya, a clinic's client."""

from __future__ import annotations

from typing import Any

from services.goals.api.example_ids import REVIEWED_SESSION, THERAPIST

STATEMENT = "I want to practice deep breathing exercises twice a day to manage my anxiety over the next month"
MEASURE = {"kind": "per_period", "unit": "exercise", "period": "day"}
CADENCE = {"days": ["mon", "wed", "fri"], "times": ["08:00", "20:00"]}
GOAL = {
    "theme": "coping",
    "statement": STATEMENT,
    "specific": "Deep breathing for five minutes",
    "measure": MEASURE,
    "baseline": 0,
    "target": 2,
    "confidence": 7,
    "relevance": "To meet anxious moments with something that helps",
    "start_on": "2026-12-01",
    "end_on": "2026-12-31",
    "cadence": CADENCE,
    "if_then": "If I sit down on the train, then I breathe for five minutes",
    "focus": True,
    "agreed": "together",
}
EASED = {"field": "target", "from": 2, "to": 1}

BODIES: dict[str, dict[str, Any]] = {
    "ClinicBody": {
        "name": "Northside Counselling",
        "sender": "Northside",
        "phone": "+15035550142",
        "country": "US",
        "locale": "en",
        "time_zone": "America/New_York",
        "quiet_start": "21:00",
        "quiet_end": "08:00",
        "cover_email": "cover@example.org",
    },
    "StaffBody": {"role": "therapist", "name": "Ana Ruiz", "email": "ana@example.org"},
    "ClientBody": {"name": "Maya Okafor", "locale": "en", "time_zone": "America/New_York", "adult": True},
    "TeamBody": {"staff_ids": [THERAPIST], "reason": "Ana takes over"},
    "ContactBody": {"address": "+15035550199", "verified_by": "seen"},
    "PreferencesBody": {
        "quiet_start": "20:30",
        "quiet_end": "09:00",
        "daily_cap": 3,
        "label": "morning walk",
    },
    "ConsentBody": {"text_version": "2026-11", "given_by": "client"},
    "ReminderBody": {"kind": "practice", "channel": "sms", "cadence": CADENCE},
    "SessionBody": {"starts_at": "2026-12-08T15:00:00-05:00", "status": "scheduled"},
    "RemindersPauseBody": {"until": "2026-12-28"},
    "CareEndBody": {"reason": "finished", "on": "2026-12-31"},
    "FlagBody": {"message_ref": "SM0001", "crisis_line": "988", "rule": "en:hopeless"},
    "FlagReviewBody": {},
    "ErasureBody": {},
    "ErasureDecisionBody": {"decision": "granted", "ground": "She asked, and no duty to keep it stands"},
    "DraftBody": {"status": "draft", "theme": "coping", "statement": STATEMENT},
    "GoalBody": {"status": "active"} | GOAL,
    "AdjustmentBody": {
        "kind": "eased",
        "changes": [EASED],
        "reason_code": "too_hard",
        "reason": "Mornings are rushed",
        "agreed": "together",
    },
    "FocusBody": {"from": True, "to": False},
    "PracticeBody": {"on": "2026-12-02", "quantity": 2, "note": "Calmer than yesterday"},
    "WinBody": {"kind": "effort", "text": "Took three breaths before the call", "on": "2026-12-02"},
    "RatingBody": {"value": 4, "rater": "client", "session_id": REVIEWED_SESSION},
    "ReviewBody": {"review_on": "2026-12-16", "outcome": "keep", "note": "Keeps to the evenings"},
    "PauseBody": {"until": "2026-12-12", "reason_code": "life_event", "reason": "Travelling"},
    "ClosureBody": {"outcome": "achieved", "agreed": "together", "learned": "Evenings work best"},
}
"""By the names of their schemas; each is taken as it stands."""
