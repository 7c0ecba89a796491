"""Any order of starting and stopping, by anybody: what she stopped only she starts again."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule

from services.goals.rules.commands.client import (
    CancelReminder,
    GiveConsent,
    PlanReminder,
    SetContact,
    WithdrawConsent,
)
from services.goals.rules.decide import decide
from shared.events import Actor
from tests import controls as c
from tests.goals.rules.any_order import SETTINGS, AnyOrder

some = st.integers(1, 3).map(c.named)
actors = st.sampled_from([c.BY_THERAPIST, c.BY_CLIENT])
kinds = st.sampled_from(["celebration", "quiet"])


class Stopping(AnyOrder):
    """What she agreed to, and the reminders that she is to have."""

    def __init__(self) -> None:
        super().__init__()
        self.ask(SetContact(channel="sms", address=c.NUMBER, verified_by="seen"))

    def ask(self, command: Any, actor: Actor = c.BY_THERAPIST) -> None:
        before = self.live.client
        super().ask(command, actor)
        if before and actor.kind != "client":
            her = self.live.known_client()
            assert her.stops == before.stops
            new = [consent for name, consent in her.consents.items() if name not in before.consents]
            assert not [consent for consent in new if consent.scope in her.stops.channels]

    @rule(name=st.integers(1, 9).map(c.named), actor=actors)
    def consent(self, name: Any, actor: Actor) -> None:
        self.ask(GiveConsent(consent_id=name, scope="sms", text_version="1"), actor)

    @rule(name=st.integers(1, 9).map(c.named), actor=actors)
    def withdraw(self, name: Any, actor: Actor) -> None:
        self.ask(WithdrawConsent(consent_id=name, scope="sms"), actor)

    @rule(name=some, active=st.booleans(), kind=kinds, actor=actors)
    def remind(self, name: Any, active: bool, kind: Any, actor: Actor) -> None:
        self.ask(PlanReminder(reminder_id=name, kind=kind, channel="sms", active=active), actor)

    @rule(name=some, actor=actors)
    def cancel(self, name: Any, actor: Actor) -> None:
        self.ask(CancelReminder(reminder_id=name), actor)

    @invariant()
    def she_can_always_stop(self) -> None:
        her, hers = self.live.known_client(), c.at(self.now, c.BY_CLIENT)
        for name, consent in her.consents.items():
            stop = WithdrawConsent(consent_id=name, scope=consent.scope)
            assert bool(decide(self.live, stop, hers, c.A_CLINIC)) is consent.in_force
        for name in her.reminders:
            assert decide(self.live, CancelReminder(reminder_id=name), hers, c.A_CLINIC)

    @invariant()
    def a_reminder_that_she_stopped_is_off(self) -> None:
        her = self.live.known_client()
        stopped = [her.reminders[name] for name in her.stops.reminders if name in her.reminders]
        assert not [reminder for reminder in stopped if reminder.active]


Stopping.TestCase.settings = SETTINGS
TestStopping = Stopping.TestCase
