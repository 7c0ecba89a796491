"""What can be asked of a win, which is a goal's or hers alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from services.goals.rules.commands.fact import Fact
from shared.events import WinKind


@dataclass(frozen=True, kw_only=True)
class RecordWin(Fact):
    """Something worth holding on to; with no goal it is hers alone."""

    KIND = "win"
    ENDED_BY = "win.voided"
    win_id: UUID
    goal_id: UUID | None = None
    kind: WinKind = "other"
    text: str | None = None
    on: date | None = None
    time: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class VoidWin:
    """A win was entered by mistake."""

    win_id: UUID
    goal_id: UUID | None = None


WinCommand = RecordWin | VoidWin
