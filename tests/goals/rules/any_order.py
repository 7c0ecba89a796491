"""A record under any commands in any order: kept live, and told again from its log after each of them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import msgspec
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from services.goals.rules.commands.client import RegisterClient
from services.goals.rules.commands.fact import Fact
from services.goals.rules.decide import decide
from services.goals.rules.history import history
from services.goals.rules.proposal import Proposed
from services.goals.rules.record import Record, apply, fold
from services.goals.rules.refusal import Refused
from shared.events import Actor, Event, fact_id
from shared.personal import join, split
from tests import controls as c

SETTINGS = settings(max_examples=60, stateful_step_count=40, deadline=None, database=None)


class AnyOrder(RuleBasedStateMachine):
    """Commands that are answered or refused, some twice; the machines say which."""

    def __init__(self) -> None:
        super().__init__()
        self.now = c.NOW
        self.live = Record(c.CLIENT)
        self.log: list[Proposed] = []
        self.told: list[tuple[Any, Actor]] = []
        """The facts that were answered, and who told them."""
        self.ask(RegisterClient(name=c.NAME, locale="en", time_zone=c.ZONE, adult=True))

    def ask(self, command: Any, actor: Actor = c.BY_THERAPIST) -> None:
        """Asks for something; what is answered decides nothing when it is asked again."""
        moment = c.at(self.now, actor)
        try:
            made = decide(self.live, command, moment, c.A_CLINIC)
        except Refused:
            return
        self.live = apply(self.live, made)
        self.log.extend(made)
        assert decide(self.live, command, moment, c.A_CLINIC) == ()
        if isinstance(command, Fact):
            self.told.append((command, actor))
        for fact, by in self.told:
            if any(proposed.event_id == ended_by(fact) for proposed in made):
                self.must_be_known(fact, by)

    @rule(hours=st.integers(1, 80))
    def time_passes(self, hours: int) -> None:
        self.now += timedelta(hours=hours)

    @precondition(lambda self: self.told)
    @rule(data=st.data())
    def tell_again(self, data: Any) -> None:
        self.must_be_known(*data.draw(st.sampled_from(self.told)))

    def must_be_known(self, fact: Any, actor: Actor) -> None:
        """Asserts that telling of it again decides nothing, or is refused where it is over."""
        over = ended_by(fact) in self.live.facts
        try:
            assert decide(self.live, fact, c.at(self.now, actor), c.A_CLINIC) == ()
            assert not over
        except Refused:
            assert over

    @invariant()
    def replay_is_live(self) -> None:
        stored = c.history(*((p.stream_id, _stored_and_read(p.data), p.event_id) for p in self.log))
        by = {"client": c.BY_CLIENT, "therapist": c.BY_THERAPIST, "system": c.BY_CAIRN}
        replayed = fold(
            c.CLIENT,
            [
                msgspec.structs.replace(event, time=p.time, actor=by[p.by])
                for event, p in zip(stored, self.log, strict=True)
            ],
        )
        assert replayed.goals == self.live.goals
        assert replayed.versions == self.live.versions
        assert replayed.client == self.live.client

    @invariant()
    def it_folds_without_its_key(self) -> None:
        blank = c.history(*((p.stream_id, _without_key(p.data), p.event_id) for p in self.log))
        record = fold(c.CLIENT, blank)
        assert record.versions == self.live.versions
        for stream_id in record.versions:
            history(blank, stream_id)

    @invariant()
    def event_ids_are_unique(self) -> None:
        assert len({p.event_id for p in self.log}) == len(self.log)


def ended_by(fact: Fact) -> UUID:
    """The id of the event that ends it or takes it back."""
    return fact_id(fact.goal_id or c.CLIENT, fact.ENDED_BY or "nothing", fact.name)


def _without_key(event: Event) -> Event:
    return join(type(event), msgspec.json.decode(msgspec.json.encode(split(event)[0])), None)


def _stored_and_read(event: Event) -> Event:
    clear, sealed = (msgspec.json.decode(msgspec.json.encode(part)) for part in split(event))
    return join(type(event), clear, sealed)
