"""What a field may hold: each kind of value, taken strictly, with words for what would be right."""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from typing import Any
from uuid import UUID
from zoneinfo import available_timezones

import phonenumbers
from marshmallow import ValidationError, fields

from shared.neutral import clinical_words, visible

FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2100, 12, 31)
FAR = 1_000_000_000
"""No quantity is as large as this, either way."""
COUNTRIES = phonenumbers.SUPPORTED_REGIONS - {"AC", "TA", "XK"}

_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9:]{8}(\.[0-9]{1,9})?([Zz]|[+-][0-9]{2}:[0-9]{2})")
_CLOCK = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")
_DECIMAL = re.compile(r"-?[0-9]{1,9}(\.[0-9]{1,6})?")
_LOCALE = re.compile(r"(en|es)(-[A-Za-z]{4})?(-([A-Za-z]{2}|[0-9]{3}))?", re.IGNORECASE)
_DIALLED = re.compile(r"\+[0-9][0-9 ().-]{1,38}")
_REFERENCE = re.compile(r"[A-Za-z0-9][A-Za-z0-9:._-]{0,99}")
_LABEL = r"[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_EMAIL = re.compile(
    r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*@(" + _LABEL + r"\.)+[A-Za-z]"
    r"([A-Za-z0-9-]{0,61}[A-Za-z0-9])"
)


class Text(fields.Field[str]):
    """Words of somebody: one character to `most`, no NUL and no half of a surrogate pair."""

    def __init__(self, most: int = 4000, *, one_line: bool = False, **kwargs: Any) -> None:
        self.most = most
        self.one_line = one_line
        super().__init__(**kwargs)

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> str:
        if not isinstance(value, str):
            raise ValidationError("Text is expected.")
        if not visible(value):
            raise ValidationError("It may not be empty; leave it out where there is nothing to say.")
        if len(value) > self.most:
            raise ValidationError(f"At most {self.most} characters; these are {len(value)}.")
        if not value.isprintable() and ("\0" in value or any("\ud800" <= sign <= "\udfff" for sign in value)):
            raise ValidationError("It holds a sign that is no text (NUL, or half of a surrogate pair).")
        if self.one_line and any(unicodedata.category(sign) in ("Cc", "Zl", "Zp") for sign in value):
            raise ValidationError("It is one line, without control characters.")
        return value


class Neutral(Text):
    """A name that a lock screen shows: one line that says nothing clinical."""

    def __init__(self, most: int, example: str, **kwargs: Any) -> None:
        self.example = example
        super().__init__(most, one_line=True, **kwargs)

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> str:
        name = super()._deserialize(value, *args, **kwargs)
        if clinical_words(name):
            raise ValidationError(f"A name that says nothing of care is expected, e.g. {self.example}.")
        return name


def Line(most: int = 200, **kwargs: Any) -> Text:  # noqa: N802  # reads as the kind of field that it is
    """A name or a label: text of one line."""
    return Text(most, one_line=True, **kwargs)


class Reference(fields.Field[str]):
    """What another system calls a thing: an id, and never somebody's words, for it is kept in clear."""

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> str:
        if not isinstance(value, str) or not _REFERENCE.fullmatch(value):
            raise ValidationError(
                "An id is expected: 1 to 100 letters, digits and the signs :._- of one word."
            )
        return value


class Choice(fields.Field[str]):
    """One of a few words."""

    def __init__(self, *choices: str, metadata: dict[str, Any] | None = None, **kwargs: Any) -> None:
        self.choices = choices
        super().__init__(metadata={"enum": list(choices)} | (metadata or {}), **kwargs)

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> str:
        if not isinstance(value, str) or value not in self.choices:
            raise ValidationError(f"It is one of {', '.join(self.choices)}.")
        return value


class Whole(fields.Field[int]):
    """A whole number within bounds; 1.0, true and "1" are none."""

    def __init__(self, least: int, most: int, **kwargs: Any) -> None:
        self.least, self.most = least, most
        super().__init__(metadata={"minimum": least, "maximum": most}, **kwargs)

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> int:
        if type(value) is not int or not self.least <= value <= self.most:
            raise ValidationError(f"A whole number from {self.least} to {self.most} is expected.")
        return value


NEITHER = "true or false is expected."


class Flag(fields.Field[bool]):
    """true or false, and nothing that resembles them."""

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> bool:
        if not isinstance(value, bool):
            raise ValidationError(NEITHER)
        return value


class Quantity(fields.Field[int | Decimal]):
    """An integer or a decimal string ("2.5"), below a milliard; never a float."""

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> int | Decimal:
        if type(value) is int and -FAR < value < FAR:
            return value
        if isinstance(value, str) and _DECIMAL.fullmatch(value):
            return Decimal(value)
        raise ValidationError('An integer, or a decimal as a string such as "2.5", below 1,000,000,000.')


class Id(fields.Field[UUID]):
    """A UUID in its usual form."""

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> UUID:
        if not isinstance(value, str) or not _UUID.fullmatch(value):
            raise ValidationError("A UUID is expected, e.g. 0198c2f4-6a1e-7c3b-9d2e-5f60718293a4.")
        return UUID(value)


class LocalDay(fields.Field[date]):
    """A calendar day, YYYY-MM-DD."""

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> date:
        try:
            if isinstance(value, str) and _DAY.fullmatch(value):
                day = date.fromisoformat(value)
                if FIRST_DAY <= day <= LAST_DAY:
                    return day
        except ValueError:
            pass
        raise ValidationError(f"A day is expected, e.g. 2026-03-31, from {FIRST_DAY} to {LAST_DAY}.")


class Instant(fields.Field[datetime]):
    """A moment with its zone (RFC 3339), in UTC once it is read."""

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> datetime:
        try:
            if isinstance(value, str) and _TIME.fullmatch(value):
                moment = datetime.fromisoformat(value.upper())
                if FIRST_DAY <= moment.date() <= LAST_DAY:
                    return moment.astimezone(UTC)
        except ValueError:
            pass
        raise ValidationError("A time with its zone is expected, e.g. 2026-03-31T08:00:00-07:00.")


class WallClock(fields.Field[str]):
    """A local time of day, HH:MM."""

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> str:
        if not isinstance(value, str) or not _CLOCK.fullmatch(value):
            raise ValidationError("A time of day from 00:00 to 23:59 is expected, e.g. 08:00.")
        return value


class Zone(fields.Field[str]):
    """A time zone of the IANA database."""

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> str:
        if not isinstance(value, str) or value not in _zones():
            raise ValidationError("A time zone by its IANA name is expected, e.g. America/Los_Angeles.")
        return value


class Locale(fields.Field[str]):
    """English or Spanish as BCP 47 names them, with a region or without."""

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> str:
        if not isinstance(value, str) or not _LOCALE.fullmatch(value):
            raise ValidationError("en or es is expected, with a region or without, e.g. en-US.")
        language, *rest = value.split("-")
        return "-".join([language.lower(), *(p.title() if len(p) == 4 else p.upper() for p in rest)])


class Country(fields.Field[str]):
    """A country by its two letters (ISO 3166)."""

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> str:
        if not isinstance(value, str) or value not in COUNTRIES:
            raise ValidationError("A country by its two letters (ISO 3166) is expected, e.g. US.")
        return value


class Phone(fields.Field[str]):
    """A number that can be dialled from anywhere, kept as E.164."""

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> str:
        return phone(value)


class Email(fields.Field[str]):
    """An e-mail address that could be one; its domain is kept in lower case."""

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> str:
        return email(value)


def phone(value: object) -> str:
    """The number in E.164. Raises ValidationError where it is no number that exists."""
    wrong = "A phone number with its country code is expected, e.g. +12065550100."
    if not isinstance(value, str) or not _DIALLED.fullmatch(value):
        raise ValidationError(wrong)
    try:
        number = phonenumbers.parse(value)
    except phonenumbers.NumberParseException as error:
        raise ValidationError(wrong) from error
    if not phonenumbers.is_valid_number(number) or number.extension:
        raise ValidationError(wrong)
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def email(value: object) -> str:
    """The address. Raises ValidationError where it cannot be one."""
    if not isinstance(value, str) or len(value) > 254 or not _EMAIL.fullmatch(value):
        raise ValidationError("An e-mail address is expected, e.g. maya@example.org.")
    local, _, domain = value.rpartition("@")
    if len(local) > 64:
        raise ValidationError("An e-mail address has at most 64 characters before its @.")
    return f"{local}@{domain.lower()}"


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones() - {"Factory", "localtime"})
