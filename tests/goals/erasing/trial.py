"""A goals service of a test's own, with clients who are to be erased, and a clock that the test moves."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import text

from services.goals.beats import Answer, House
from services.goals.erasing import worklist
from services.goals.erasing.carry_out import carry_out
from services.goals.erasing.worklist import Standing
from services.goals.handle import handle_client, handle_clinic
from services.goals.log.read import load
from services.goals.rules.access import Who
from services.goals.rules.commands.client import AskErasure, DecideErasure, RegisterClient, SetContact
from services.goals.rules.commands.clinic import SetClinic
from services.goals.rules.commands.goal import SetGoal
from shared.database import engine
from shared.vault import Vault
from tests import controls as c
from tests.conftest import Databases

OPERATOR = Who("operator", "an-operator")
ANA = Who("therapist", str(c.THERAPIST), c.CLINIC)
LEAD = Who("lead", str(c.COLLEAGUE), c.CLINIC)
WAIT = timedelta(days=7)
MASTER_KEY = b"k" * 32
_CLINIC = text("SELECT set_config('cairn.clinic', :clinic, false)")
_STATES = text("SELECT count(*) FROM cairn.current WHERE record_id = :client")
_ADDRESSES = text("SELECT count(*) FROM cairn.address WHERE record_id = :client")


@dataclass
class Trial:
    """What the test sees. `now` is what every clock says."""

    house: House
    now: datetime = c.NOW

    def ask(self, client: UUID, command: Any, who: Who = ANA) -> Answer:
        """A command of somebody's."""
        return handle_client(self.house, who, client, command, operation="a_test", correlation_id="a-test")

    def registered(self, number: str = c.NUMBER) -> UUID:
        """A client with a number and a goal."""
        client = uuid4()
        self.ask(client, RegisterClient(name=c.NAME, locale="en", time_zone=c.ZONE, adult=True))
        self.ask(client, SetContact(channel="sms", address=number, verified_by="seen"))
        self.ask(
            client,
            SetGoal(
                goal_id=uuid4(),
                specific="Deep breathing",
                measure=c.TWICE_A_DAY,
                target=2,
                confidence=7,
                relevance="calm",
                start_on=c.TODAY,
                end_on=date(2026, 4, 2),
                statement=c.STATEMENT,
            ),
        )
        return client

    def granted(self, number: str = c.NUMBER) -> UUID:
        """A client whose erasure was granted just now."""
        client, erasure = self.registered(number), uuid4()
        self.ask(client, AskErasure(erasure_id=erasure))
        self.ask(client, DecideErasure(erasure_id=erasure, decision="granted", ground="Hers"), LEAD)
        return client

    def later(self, **by: float) -> None:
        """Time passes."""
        self.now += timedelta(**by)

    def carry_out(self) -> int:
        """One round."""
        return carry_out(self.house, WAIT)

    def standing(self, client: UUID) -> Standing | None:
        """How far her erasure has come."""
        with self.house.engine.connect() as connection:
            return worklist.standing(connection, c.CLINIC, client)

    def types(self, client: UUID) -> list[str]:
        """Her events, by their short names."""
        with self.house.engine.connect() as connection:
            found = load(connection, self.house.vault, c.CLINIC, client)
        return [e.data.TYPE.split(".", 1)[1].removesuffix(".v1") for e in found.events] if found else []

    def kept(self, client: UUID) -> tuple[int, int]:
        """How many states and addresses are kept beside the log."""
        with self.house.engine.connect() as connection:
            connection.execute(_CLINIC, {"clinic": str(c.CLINIC)})
            states = connection.execute(_STATES, {"client": client}).scalar_one()
            return states, connection.execute(_ADDRESSES, {"client": client}).scalar_one()


@contextmanager
def trial(databases: Databases) -> Iterator[Trial]:
    """The service on databases of its own, with its clinic set up."""
    goals = engine(databases.goals, autocommit=True, pool_size=12)
    keys = engine(databases.vault, autocommit=True, pool_size=12)
    made = Trial(House(goals, Vault(keys, MASTER_KEY)))

    def seconds() -> float:
        return made.now.timestamp()

    made.house = House(goals, Vault(keys, MASTER_KEY, clock=seconds), now=lambda: made.now)
    handle_clinic(
        made.house,
        OPERATOR,
        c.CLINIC,
        SetClinic(
            name="Northside Counselling",
            sender="Northside",
            phone="+15035550100",
            country="US",
            locale="en",
            time_zone=c.ZONE,
            quiet_start="21:00",
            quiet_end="08:00",
        ),
        correlation_id="a-test",
    )
    yield made
    goals.dispose()
    keys.dispose()
