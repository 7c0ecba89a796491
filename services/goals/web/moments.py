"""Days and times as a page writes them: by somebody's clock, in the language of the page."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from babel.dates import format_skeleton, format_time
from flask import Flask

from services.goals.web.language import language


def day(when: date) -> str:
    """Mon, Mar 2, 2026."""
    return format_skeleton("yMMMEd", when, locale=language())


def short_day(when: date) -> str:
    """Mar 2."""
    return format_skeleton("MMMd", when, locale=language())


def moment(at: datetime, zone: str) -> str:
    """Mon, Mar 2, 2026, 8:00 AM, by the clock of that zone."""
    local = at.astimezone(ZoneInfo(zone))
    return f"{day(local.date())}, {clock(local)}"


def clock(at: datetime) -> str:
    """8:00 AM."""
    return format_time(at.time(), "short", locale=language())


def install(app: Flask) -> None:
    """Gives the templates these as filters."""
    for name, written in (("day", day), ("short_day", short_day), ("moment", moment)):
        app.add_template_filter(written, name)
