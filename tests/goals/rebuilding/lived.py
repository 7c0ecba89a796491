"""A goals service that has lived a little: two clinics, three clients, and what they did."""

# ruff: noqa: S608  (the tables are ours)
from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal
from uuid import UUID, uuid4

from sqlalchemy import Engine, text

from services.goals import current
from services.goals.beats import Answer, House
from services.goals.handle import handle_client, handle_clinic
from services.goals.rules.access import Who
from services.goals.rules.commands.client import GiveConsent, RegisterClient, RemoveContact, SetContact
from services.goals.rules.commands.clinic import SetClinic, SetStaff
from services.goals.rules.commands.goal import AdjustGoal, LogPractice, PauseGoal, RateGoal, SetGoal
from services.goals.rules.commands.win import RecordWin
from shared.database import engine
from shared.events import Change
from shared.vault import Vault
from tests import controls as c
from tests.conftest import Databases

MASTER_KEY = b"k" * 32
MAYA, NOOR, ELSEWHERE = c.CLIENT, c.named(11), c.named(12)
GOALS = {MAYA: c.GOAL, NOOR: c.named(21), ELSEWHERE: c.named(22)}
CLINICS = {MAYA: c.CLINIC, NOOR: c.CLINIC, ELSEWHERE: c.OTHER_CLINIC}


@dataclass
class Lived:
    """The service, the superuser who may tamper, and a clock that the test moves."""

    house: House
    log: Engine
    admin: Engine
    clock: list[datetime] = field(default_factory=lambda: [c.NOW])

    def ask(self, client: UUID, command: Any, role: Literal["therapist", "client"] = "therapist") -> Answer:
        """A command of a client's therapist, or her own."""
        clinic = CLINICS[client]
        ana, she = Who("therapist", str(c.THERAPIST), clinic), Who("client", str(client), clinic, client)
        who = ana if role == "therapist" else she
        return handle_client(self.house, who, client, command, operation="a_test", correlation_id="a-test")

    def begin(self, client: UUID) -> None:
        """She is registered, has a phone, and a goal."""
        self.ask(client, RegisterClient(name=c.NAME, locale="en", time_zone=c.ZONE, adult=True))
        self.ask(client, SetContact(channel="sms", address=f"+1503555{client.int % 10_000:04}"))
        self.ask(
            client,
            SetGoal(
                goal_id=GOALS[client],
                specific="Deep breathing",
                measure=c.TWICE_A_DAY,
                target=2,
                confidence=7,
                relevance="To be calmer",
                start_on=c.TODAY,
                end_on=c.TODAY + timedelta(days=40),
                statement=c.STATEMENT,
                focus=True,
            ),
        )

    def live(self) -> None:
        """Practices with their milestones, a rating, an adjustment, a pause, wins and a consent."""
        for day in range(3):
            self.clock[0] = c.NOW + timedelta(days=day)
            self.ask(MAYA, LogPractice(goal_id=c.GOAL, practice_id=uuid4()))
        self.ask(MAYA, RateGoal(goal_id=c.GOAL, rating_id=uuid4(), value=0))
        change = Change(field="target", from_=2, to=1)
        adjusted = AdjustGoal(
            goal_id=c.GOAL,
            adjustment_id=uuid4(),
            kind="eased",
            changes=(change,),
            reason_code="too_hard",
            reason="Mornings are rushed",
        )
        self.ask(MAYA, adjusted)
        self.ask(MAYA, SetContact(channel="email", address=c.ADDRESS))
        self.ask(MAYA, GiveConsent(consent_id=uuid4(), scope="sms", text_version="1"))
        self.ask(NOOR, RecordWin(win_id=uuid4(), text=c.WIN))
        self.ask(NOOR, PauseGoal(goal_id=GOALS[NOOR], pause_id=uuid4()))
        self.ask(NOOR, SetContact(channel="email", address="noor@example.org"))
        self.ask(NOOR, RemoveContact(channel="email"))
        self.ask(ELSEWHERE, RecordWin(win_id=uuid4(), text=c.WIN))

    def tamper(self, *statements: str, **values: Any) -> None:
        """Changes what is kept as only a superuser can."""
        with self.admin.begin() as connection:
            connection.execute(text("SET LOCAL session_replication_role = replica"))
            for statement in statements:
                connection.execute(text(statement), values)

    def anew(self) -> None:
        """Both clinics and nobody in them, as on the first day."""
        self.tamper(
            *(f"DELETE FROM cairn.{table}" for table in ("event", "stream", "current", "address")),
            "UPDATE cairn.lane_head SET position = 0, hash = decode(repeat('00', 32), 'hex')",
        )
        operator = Who("operator", "operations")
        for clinic in (c.CLINIC, c.OTHER_CLINIC):
            settings = {name: getattr(c.A_CLINIC, name) for name in SetClinic.__dataclass_fields__}
            handle_clinic(self.house, operator, clinic, SetClinic(**settings), correlation_id="a-test")
            staff = SetStaff(staff_id=c.THERAPIST, role="therapist", name="Ana Ruiz", email="ana@example.org")
            handle_clinic(self.house, operator, clinic, staff, correlation_id="a-test")

    def kept(self) -> list[tuple[Any, ...]]:
        """Every row of the read models, and where it lies."""
        with self.admin.connect() as connection:
            return [
                tuple(row)
                for table in ("current", "address")
                for row in connection.execute(text(f"SELECT ctid::text, * FROM cairn.{table} ORDER BY 1"))
            ]

    def beside(self) -> int:
        """How many rows lie beside the live ones."""
        counts = (f"(SELECT count(*) FROM cairn.rebuilt_{t})" for t in ("record", "current", "address"))
        with self.admin.connect() as connection:
            return int(connection.execute(text("SELECT " + " + ".join(counts))).scalar_one())

    def read(self) -> dict[UUID, Any]:
        """What whoever reads it sees: by record, its states and their versions."""
        with self.house.engine.connect() as connection:
            seen = {
                client: [
                    (row.stream_id, row.kind, row.version, row.state)
                    for row in current.rows_of(connection, self.house.vault, clinic, client)
                ]
                for client, clinic in CLINICS.items()
            }
            clinics = (c.CLINIC, c.OTHER_CLINIC)
            return seen | {one: current.clinic(connection, self.house.vault, one) for one in clinics}

    def addresses(self) -> set[tuple[Any, ...]]:
        """Whose each number and address is."""
        with self.admin.connect() as connection:
            return {tuple(row) for row in connection.execute(text("SELECT * FROM cairn.address"))}


@contextmanager
def lived(databases: Databases) -> Iterator[Lived]:
    """The service on databases of its own, after its story."""
    house_engine = engine(databases.goals, autocommit=True, pool_size=12)
    log, admin = engine(databases.goals, pool_size=4), engine(databases.goals_admin, pool_size=2)
    keys = engine(databases.vault, autocommit=True)
    clock = [c.NOW]
    house = House(house_engine, Vault(keys, MASTER_KEY), now=lambda: clock[0])
    made = Lived(house, log, admin, clock)
    made.anew()
    for client in (MAYA, NOOR, ELSEWHERE):
        made.begin(client)
    made.live()
    yield made
    for used in (house_engine, log, admin, keys):
        used.dispose()
