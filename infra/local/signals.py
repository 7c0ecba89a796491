"""How a person ends what runs in the foreground: Ctrl-C, SIGTERM or a closed terminal, heeded once."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

HEEDED = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Stopped(BaseException):
    """Somebody asked us to stop, by Ctrl-C, SIGTERM or by closing the terminal."""


@contextmanager
def stoppable() -> Iterator[None]:
    """Within, the first of HEEDED raises Stopped; later ones wait for the stopping to end."""

    def stop(_signal: int, _frame: FrameType | None) -> None:
        deafen()
        raise Stopped

    before = {number: signal.signal(number, stop) for number in HEEDED}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def deafen() -> None:
    """Let nothing interrupt what is being put in order."""
    for number in HEEDED:
        signal.signal(number, signal.SIG_IGN)
