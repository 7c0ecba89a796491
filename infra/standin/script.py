"""What the stand-in does with a number: how it answers, what becomes of the message, how it tells of that."""

from __future__ import annotations

from collections.abc import Sequence
from threading import Lock
from typing import Literal

import msgspec

Said = Literal[
    "accept",
    "21211",
    "21610",
    "21611",
    "21614",
    "429",
    "500",
    "500_after",
    "hang",
    "hang_after",
    "reset",
    "reset_after",
]
"""How a send is answered. Those that end in _after have accepted the message before they go wrong."""
Callbacks = Literal["once", "twice", "reversed", "held", "none"]
"""How each change of status is told; what is held waits until it is let go."""


class Script(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What happens to one message."""

    answer: Said = "accept"
    delivery: str = "delivered"
    """What it comes to: delivered, sent (and no more is ever heard), or an error such as 30003 or 30007."""
    callbacks: Callbacks = "once"
    takes: float = 0.0
    """Seconds until the answer; what is accepted is accepted before them."""
    retry_after: int = 1
    """Seconds, in the answer 429."""
    callback_after: float = 0.0
    """Seconds from the acceptance until the first callback."""


AS_USUAL = Script()
# The first three are the numbers that the provider itself keeps for trying these errors.
KNOWN_NUMBERS = {
    "+15005550001": Script("21211"),
    "+15005550004": Script("21610"),
    "+15005550009": Script("21614"),
    "+15005550033": Script(delivery="30003"),
    "+15005550037": Script(delivery="30007"),
    "+15005550042": Script("429"),
    "+15005550050": Script("500"),
}
"""Numbers that misbehave without being told to, for trying things by hand."""


class Scripts:
    """What to do, number by number."""

    def __init__(self) -> None:
        self._lock = Lock()
        self.forget()

    def forget(self) -> None:
        """As in the beginning."""
        with self._lock:
            self._usual = AS_USUAL
            self._by_number: dict[str, list[Script]] = {key: [one] for key, one in KNOWN_NUMBERS.items()}

    def usually(self, script: Script) -> None:
        """What happens to every number that has no script of its own."""
        with self._lock:
            self._usual = script

    def set(self, number: str, scripts: Sequence[Script]) -> None:
        """One script for each of its next messages; the last one stays. None at all: as usual again."""
        with self._lock:
            if scripts:
                self._by_number[number] = list(scripts)
            else:
                self._by_number.pop(number, None)

    def take(self, number: str) -> Script:
        """The script of its next message."""
        with self._lock:
            mine = self._by_number.get(number)
            if not mine:
                return self._usual
            return mine.pop(0) if len(mine) > 1 else mine[0]
