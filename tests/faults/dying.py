"""The points at which a process of ours can be made to kill itself with -9: where a crash would hurt most."""

from __future__ import annotations

import os
import signal
from importlib import import_module
from typing import Any, Literal, NamedTuple


class Point(NamedTuple):
    """A step of ours, which kind of process takes it, and whether death comes before it or after."""

    process: str
    where: str
    when: Literal["before", "after"]


POINTS: dict[str, Point] = {
    "nothing appended yet": Point("goals serve", "services.goals.beats:append", "before"),
    "appended, not answered": Point("goals serve", "services.goals.beats:append", "after"),
    "page read, not applied": Point(
        "reminders follow", "services.reminders.following.follow:apply", "before"
    ),
    "page written, not committed": Point(
        "reminders follow", "services.reminders.following.apply:write", "after"
    ),
    "page applied, not rung": Point("reminders follow", "services.reminders.ringer:ring", "before"),
    "text heard, not answered": Point("reminders serve", "services.reminders.webhooks.inbound:hear", "after"),
    "callback heard, not answered": Point(
        "reminders serve", "services.reminders.webhooks.status:hear", "after"
    ),
    "claimed, not sent": Point("reminders work", "services.reminders.sending.deliver:_send", "before"),
    "sent, not settled": Point("reminders work", "services.reminders.sending.deliver:_send", "after"),
    "settled, not acknowledged": Point(
        "reminders work", "services.reminders.sending.deliver:_settle", "after"
    ),
    "told to the log, not written down": Point(
        "reminders sweep", "services.reminders.hearing.carry:_ask", "after"
    ),
    "marked as rung, not rung": Point("reminders sweep", "services.reminders.sending.sweep:ring", "before"),
    "asked the provider, not settled": Point(
        "reminders reconcile", "services.reminders.sending.reconcile:_found", "after"
    ),
}
"""By what has happened, and what has not."""

SEALING: dict[str, Point] = {
    "verified, not signed": Point("goals seal", "services.goals.seals.sealing:made", "before"),
    "signed, not kept": Point("goals seal", "services.goals.seals.sealing:kept", "after"),
    "written, not in its place": Point("goals seal", "services.goals.seals.folder:_write", "after"),
    "kept, not told": Point("goals seal", "services.goals.seals.sealing:seal_in", "before"),
}
"""The same of a seal, which no town is needed for."""


def arm(point: str) -> None:
    """Lets this process kill itself there, the first time that it comes by."""
    _, place, when = (POINTS | SEALING)[point]
    module, _, name = place.partition(":")
    where = import_module(module)
    step = getattr(where, name)

    def taken(*args: Any, **named: Any) -> None:
        if when == "after":
            step(*args, **named)
        os.killpg(os.getpgrp(), signal.SIGKILL)  # with who would only start another like it

    setattr(where, name, taken)
