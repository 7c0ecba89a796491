"""Why something was held back: a closed list."""

from typing import Literal

Cause = Literal[
    "stale", "clinic_unknown", "care_ended", "paused", "opted_out", "no_consent", "contact_unverified",
    "no_address", "address_dead", "reminder_ended", "goal_ended", "goal_paused", "already_done",
    "quiet_hours", "one_celebration_a_day", "daily_cap", "weekly_cap", "resting", "after_flag", "erased",
    "already_verified", "session_moved", "rated_lately", "review_moved", "reviewed", "heard_from_her",
    "tapered", "no_sign_of_her", "parked", "set_aside", "unknown_person", "restored",
]  # fmt: skip
