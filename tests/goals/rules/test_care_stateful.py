"""Any order of pauses, ends of care and flags, by anybody: she is never kept from what is hers."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule

from services.goals.rules.care import has_ended
from services.goals.rules.commands.client import (
    EndCare,
    PauseReminders,
    RaiseFlag,
    ResumeCare,
    ResumeReminders,
    ReviewFlag,
)
from services.goals.rules.commands.win import RecordWin
from services.goals.rules.decide import decide
from services.goals.rules.refusal import Forbidden
from shared.events import Actor, CareEnded, CareResumed
from tests import controls as c
from tests.goals.rules.any_order import SETTINGS, AnyOrder

some = st.integers(1, 3).map(c.named)
actors = st.sampled_from([c.BY_THERAPIST, c.BY_CLIENT])
NEVER_SEEN = c.named(77)


class Care(AnyOrder):
    """Whether she is written to, and looked after."""

    @rule(name=some, days=st.none() | st.integers(0, 4), actor=actors)
    def pause(self, name: Any, days: int | None, actor: Actor) -> None:
        until = None if days is None else self.now.date() + timedelta(days=days)
        self.ask(PauseReminders(pause_id=name, until=until), actor)

    @rule(name=some, actor=actors)
    def resume(self, name: Any, actor: Actor) -> None:
        self.ask(ResumeReminders(pause_id=name), actor)

    @rule(name=some, reason=st.sampled_from(["finished", "moved"]))
    def end_care(self, name: Any, reason: Any) -> None:
        self.ask(EndCare(care_end_id=name, reason=reason))

    @rule(name=some)
    def resume_care(self, name: Any) -> None:
        self.ask(ResumeCare(care_end_id=name))

    @rule(name=some, actor=actors)
    def flag(self, name: Any, actor: Actor) -> None:
        self.ask(RaiseFlag(flag_id=name, message_ref="SM1", crisis_line="988"), actor)

    @rule(name=some)
    def review(self, name: Any) -> None:
        self.ask(ReviewFlag(flag_id=name))

    @invariant()
    def she_can_always_pause_and_record_a_win(self) -> None:
        hers = c.at(self.now, c.BY_CLIENT)
        assert decide(self.live, PauseReminders(pause_id=NEVER_SEEN), hers, c.A_CLINIC)
        assert decide(self.live, RecordWin(win_id=NEVER_SEEN), hers, c.A_CLINIC)

    @invariant()
    def what_she_paused_only_she_resumes(self) -> None:
        for name, pause in self.live.known_client().pauses.items():
            if pause.by == "client":
                with pytest.raises(Forbidden):
                    decide(self.live, ResumeReminders(pause_id=name), c.at(self.now), c.A_CLINIC)

    @invariant()
    def her_care_ends_once_at_a_time(self) -> None:
        ends = sum(isinstance(p.data, CareEnded) for p in self.log)
        open_ends = ends - sum(isinstance(p.data, CareResumed) for p in self.log)
        assert open_ends == has_ended(self.live.known_client())


Care.TestCase.settings = SETTINGS
TestCare = Care.TestCase
