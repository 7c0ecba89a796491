"""A worker that kills itself with -9 in its only delivery: `python -m tests.reminders.dying POINT ID`."""

from __future__ import annotations

import os
import signal
import sys
from uuid import UUID

from services.reminders.channels import Answer, Letter
from services.reminders.parts import Parts, clock
from services.reminders.sending import deliver as delivering
from shared.settings import Settings


def die() -> None:
    """At once, and without a word."""
    os.kill(os.getpid(), signal.SIGKILL)


def main(point: str, message_id: UUID) -> None:
    """Delivers an SMS, and dies: before_send, after_send (the answer is known, and not yet settled)."""
    parts = Parts(Settings.read(os.environ))
    real = parts.channels()["sms"]

    def send(letter: Letter) -> Answer:
        if point == "before_send":
            die()
        answer = real(letter)
        if point == "after_send":
            die()
        return answer

    delivering.deliverer(parts.engine, parts.vault, {"sms": send}, {}, clock)(message_id, "sms", "bulk")


if __name__ == "__main__":
    main(sys.argv[1], UUID(sys.argv[2]))
