"""After any order of commands, what is kept is what the log adds up to, and what the rules made of it."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import Any, ClassVar

import pytest
from hypothesis import Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from services.goals.rebuilding.rebuild import check, rebuild
from services.goals.rules.refusal import Refused
from shared.events import Actor
from tests import controls as c
from tests.goals.rebuilding.lived import Lived
from tests.goals.rules.any_order import AnyOrder
from tests.goals.rules.test_reach_stateful import Reach
from tests.goals.rules.test_record_stateful import Goals


class Kept(AnyOrder):
    """The same commands, put to the service as well."""

    lived: ClassVar[Lived]

    def __init__(self) -> None:
        self.lived.anew()
        super().__init__()

    def ask(self, command: Any, actor: Actor = c.BY_THERAPIST) -> None:
        """Decides it on the record in memory, then on the one in the log."""
        super().ask(command, actor)
        self.lived.clock[0] = self.now
        with suppress(Refused):
            self.lived.ask(c.CLIENT, command, "client" if actor.kind == "client" else "therapist")

    def teardown(self) -> None:
        """Rebuilt is live, and live is what the rules made of the commands."""
        lived = self.lived
        assert check(lived.log, lived.house.vault).named == []
        kept = {stream: state for stream, _, _, state in lived.read()[c.CLIENT]}
        assert kept == {c.CLIENT: self.live.client, **self.live.goals}
        lived.tamper("DELETE FROM cairn.current WHERE kind <> 'clinic'", "DELETE FROM cairn.address")
        rebuild(lived.log, lived.house.vault)
        assert {stream: state for stream, _, _, state in lived.read()[c.CLIENT]} == kept
        assert check(lived.log, lived.house.vault).named == []


class KeptGoals(Kept, Goals):
    """What is done about her goals."""


class KeptReach(Kept, Reach):
    """What is done about how she is reached."""


@pytest.mark.parametrize("machine", [KeptGoals, KeptReach])
def test_rebuilt_is_live_after_any_order_of_commands(lived: Lived, machine: type[Kept]) -> None:
    machine.lived = replace(lived, house=replace(lived.house, fresh=lambda: c.at().fresh))
    few = settings(
        max_examples=5, stateful_step_count=20, deadline=None, database=None, phases=[Phase.generate]
    )
    run_state_machine_as_test(machine, settings=few)
