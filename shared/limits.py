"""The limits that both houses keep: what one refuses to plan is what the other would not send."""

from __future__ import annotations

from datetime import timedelta

DAILY_CAP = 3
"""Reminders a day, for a client who chose no cap of her own."""
WEEKLY_CAP = 5
"""A week, of what she did not schedule herself, for a client who chose no cap of her own."""
PRACTICE_EXPIRES = timedelta(hours=2)
"""How long after its time a practice reminder may still be sent."""
