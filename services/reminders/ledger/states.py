"""The states of a message, and what it may come to."""

from typing import Literal

State = Literal["planned", "sending", "sent", "delivered", "failed", "suppressed", "expired", "unknown"]
Came = State | Literal["held"]
"""What becomes of a message at once: a state, or that it stays planned and is put off."""
