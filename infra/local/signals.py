"""How a person ends what runs in the foreground: Ctrl-C and SIGTERM alike, heeded once."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


class Stopped(BaseException):
    """Somebody asked us to stop, by Ctrl-C or SIGTERM."""


@contextmanager
def stoppable() -> Iterator[None]:
    """Within, the first SIGINT or SIGTERM raises Stopped; later ones wait for the stopping to end."""

    def stop(_signal: int, _frame: FrameType | None) -> None:
        deafen()
        raise Stopped

    heeded = (signal.SIGINT, signal.SIGTERM)
    before = {number: signal.signal(number, stop) for number in heeded}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def deafen() -> None:
    """Let nothing interrupt what is being put in order."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
