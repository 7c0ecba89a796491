"""How a page speaks: the words of a language's catalogue, and days and times by her clock."""

from __future__ import annotations

from datetime import date, datetime
from typing import NamedTuple

from babel.dates import format_skeleton, format_time, get_timezone

from services.reminders.rules.catalogue import Catalogue


class Spoken(NamedTuple):
    """A language, and the zone that she lives in."""

    catalogue: Catalogue
    zone: str

    @property
    def language(self) -> str:
        """Its code."""
        return self.catalogue.language

    def words(self, place: str, count: int = 1, **names: object) -> str:
        """The words of a place on a page."""
        return self.catalogue.variants(f"page {place}", count)[0].format(count=count, **names)

    def day(self, day: date) -> str:
        """A day: Monday, March 2."""
        return format_skeleton("MMMMEEEEd", day, locale=self.language)

    def moment(self, at: datetime) -> str:
        """A day and a time by her clock: Monday, March 2, 8:00 AM."""
        zone = get_timezone(self.zone)
        local = at.astimezone(zone)
        return f"{self.day(local.date())}, {format_time(local.time(), 'short', locale=self.language)}"
