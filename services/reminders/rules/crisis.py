"""Whom to call in a crisis, by country: the emergency number, and a line that listens."""

from __future__ import annotations

import msgspec


class Crisis(msgspec.Struct, frozen=True):
    """The numbers of a country, as they are dialled there; `texts` says that the line takes texts as well."""

    emergency: str
    line: str | None = None
    texts: bool = False


EVERYWHERE = Crisis("112")
"""Every GSM phone reaches help by it, wherever no other number is listed."""

LINES = {
    "AR": Crisis("911", "135"),
    "AT": Crisis("112", "142"),
    "AU": Crisis("000", "13 11 14"),
    "BE": Crisis("112", "1813"),
    "BO": Crisis("110", "800 11 3040"),
    "CA": Crisis("911", "988", texts=True),
    "CH": Crisis("112", "143"),
    "CL": Crisis("133", "*4141"),
    "CO": Crisis("123", "106"),
    "CR": Crisis("911", "800 273 8255"),
    "DE": Crisis("112", "0800 111 0 111"),
    "DK": Crisis("112", "70 201 201"),
    "DO": Crisis("911"),
    "EC": Crisis("911", "171"),
    "ES": Crisis("112", "024"),
    "FI": Crisis("112", "09 2525 0111"),
    "FR": Crisis("112", "3114"),
    "GB": Crisis("999", "116 123"),
    "GT": Crisis("110", "1545"),
    "IE": Crisis("112", "116 123"),
    "IN": Crisis("112", "14416"),
    "IT": Crisis("112", "02 2327 2327"),
    "MX": Crisis("911", "800 911 2000"),
    "NL": Crisis("112", "113"),
    "NO": Crisis("112", "116 123"),
    "NZ": Crisis("111", "1737", texts=True),
    "PA": Crisis("911"),
    "PE": Crisis("105", "113"),
    "PR": Crisis("911", "988", texts=True),
    "PT": Crisis("112", "1411"),
    "SE": Crisis("112", "90101"),
    "US": Crisis("911", "988", texts=True),
    "UY": Crisis("911", "0800 0767"),
    "ZA": Crisis("112", "0800 567 567"),
}
"""For the clinics of a country to check and a clinician to review, as the safety phrases are."""


def crisis_of(country: str | None) -> Crisis:
    """The numbers of a country by its two letters."""
    return LINES.get(country or "", EVERYWHERE)


def listening(crisis: Crisis) -> str:
    """The number that stands for it where there is room for one."""
    return crisis.line or crisis.emergency
