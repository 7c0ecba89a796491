"""Any order of what reaches her: contacts, preferences, consents and reminders; the log replays to it."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import rule

from services.goals.rules.commands.client import (
    CancelReminder,
    GiveConsent,
    PlanReminder,
    RemoveContact,
    SetContact,
    SetPreferences,
    WithdrawConsent,
)
from shared.events import Cadence
from tests import controls as c
from tests.goals.rules.any_order import SETTINGS, AnyOrder

some = st.integers(1, 4).map(c.named)
channels = st.sampled_from(["sms", "email"])


class Reach(AnyOrder):
    """How she is reached, and what she agreed to."""

    @rule(channel=channels, address=st.sampled_from(["one", "two"]))
    def contact(self, channel: Any, address: str) -> None:
        self.ask(SetContact(channel=channel, address=address))

    @rule(channel=channels)
    def lose_contact(self, channel: Any) -> None:
        self.ask(RemoveContact(channel=channel))

    @rule(label=st.sampled_from([None, "mine"]))
    def prefer(self, label: str | None) -> None:
        self.ask(SetPreferences(label=label))

    @rule(channel=channels, name=some)
    def consent(self, channel: Any, name: Any) -> None:
        self.ask(GiveConsent(consent_id=name, scope=channel, text_version="1"))

    @rule(channel=channels, name=some)
    def withdraw(self, channel: Any, name: Any) -> None:
        self.ask(WithdrawConsent(consent_id=name, scope=channel))

    @rule(name=some, times=st.sets(st.sampled_from(["09:00", "12:00", "18:00"]), min_size=1))
    def remind(self, name: Any, times: set[str]) -> None:
        cadence = Cadence(days=("mon",), times=tuple(sorted(times)))
        self.ask(PlanReminder(reminder_id=name, kind="practice", channel="sms", cadence=cadence))

    @rule(name=some)
    def cancel(self, name: Any) -> None:
        self.ask(CancelReminder(reminder_id=name))


Reach.TestCase.settings = SETTINGS
TestReach = Reach.TestCase
