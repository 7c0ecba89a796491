"""What a text costs as SMS: its encoding, its units, and how many segments carry it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

import msgspec

BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENDED = frozenset("\f^{}\\[~]|€")
"""In GSM-7 too, but behind an escape: two units each."""
GSM_7 = BASIC | EXTENDED

Encoding = Literal["GSM-7", "UCS-2"]
ONE_SEGMENT: dict[Encoding, int] = {"GSM-7": 160, "UCS-2": 70}
EACH_OF_MANY: dict[Encoding, int] = {"GSM-7": 153, "UCS-2": 67}
"""A segment of several spends 6 bytes on saying which it is."""


class Size(msgspec.Struct, frozen=True):
    """The encoding, the length in its units (septets, or 16-bit units), and the segments."""

    encoding: Encoding
    units: int
    segments: int


def size(text: str) -> Size:
    """How a text travels."""
    encoding: Encoding = "GSM-7" if GSM_7.issuperset(text) else "UCS-2"
    units = _length(text, encoding)
    if units <= ONE_SEGMENT[encoding]:
        return Size(encoding, units, 1)
    return Size(encoding, units, _packed((_length(sign, encoding) for sign in text), EACH_OF_MANY[encoding]))


def _length(text: str, encoding: Encoding) -> int:
    """The units of a text, or of a sign of it."""
    if encoding == "UCS-2":
        return len(text.encode("utf-16-le", "surrogatepass")) // 2
    if EXTENDED.isdisjoint(text):
        return len(text)
    return len(text) + sum(sign in EXTENDED for sign in text)


def _packed(signs: Iterable[int], room: int) -> int:
    """Segments filled one after the other; a sign of two units is never split between two."""
    segments, used = 1, 0
    for units in signs:
        if used + units > room:
            segments, used = segments + 1, 0
        used += units
    return segments
