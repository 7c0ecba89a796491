"""Any order of asking, deciding, calling off and carrying out: one at a time, nothing after an erasure."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule

from services.goals.rules.commands.client import AskErasure, CancelErasure, DecideErasure
from services.goals.rules.commands.goal import DraftGoal
from services.goals.rules.commands.win import RecordWin
from services.goals.rules.decide import decide
from services.goals.rules.erasing import carry_out
from services.goals.rules.record import apply
from services.goals.rules.refusal import Erased, Refused
from shared.events import Actor, ClientErased
from tests import controls as c
from tests.goals.rules.any_order import SETTINGS, AnyOrder

A_DAY = timedelta(days=1)
some = st.integers(1, 3).map(c.named)
actors = st.sampled_from([c.BY_THERAPIST, c.BY_CLIENT])


class Erasures(AnyOrder):
    """Her erasure, with some life before it."""

    @rule(name=some, actor=actors)
    def ask_for_erasure(self, name: Any, actor: Actor) -> None:
        self.ask(AskErasure(erasure_id=name), actor)

    @rule(name=some, granted=st.booleans(), days=st.integers(0, 3))
    def decide_on_erasure(self, name: Any, granted: bool, days: int) -> None:
        until = None if granted else self.now.date() + days * A_DAY
        decision: Any = "granted" if granted else "refused"
        self.ask(DecideErasure(erasure_id=name, decision=decision, ground="z", retain_until=until))

    @rule(name=some)
    def call_erasure_off(self, name: Any) -> None:
        self.ask(CancelErasure(erasure_id=name))

    @rule(name=some)
    def carry_it_out(self, name: Any) -> None:
        granted = self.live.known_client().erasures.get(name)
        try:
            made = carry_out(self.live, name, A_DAY, c.at(self.now, c.BY_CAIRN))
        except Refused:
            return
        self.live = apply(self.live, made)
        self.log.extend(made)
        if made:
            assert granted is not None
            assert (granted.decision, granted.cancelled_at) == ("granted", None)
            assert granted.decided_at is not None
            assert granted.decided_at + A_DAY <= self.now

    @rule(name=some)
    def win(self, name: Any) -> None:
        self.ask(RecordWin(win_id=name, text="z"))

    @rule(name=some)
    def draft(self, name: Any) -> None:
        self.ask(DraftGoal(goal_id=name, statement="z"))

    def must_be_known(self, fact: Any, actor: Actor) -> None:
        """Of what was erased nothing is told again."""
        if self.live.known_client().erased is None:
            super().must_be_known(fact, actor)
            return
        with pytest.raises(Erased):
            decide(self.live, fact, c.at(self.now, actor), c.A_CLINIC)

    @invariant()
    def nothing_follows_an_erasure(self) -> None:
        erased = [number for number, p in enumerate(self.log, 1) if isinstance(p.data, ClientErased)]
        assert erased in ([], [len(self.log)])

    @invariant()
    def one_is_under_way_at_a_time(self) -> None:
        erasures = self.live.known_client().erasures.values()
        assert sum(erasure.under_way for erasure in erasures) <= 1


Erasures.TestCase.settings = SETTINGS
TestErasures = Erasures.TestCase
