"""The whole of Cairn as processes of their own, with a proxy before each part, and a provider that counts."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import urlsplit
from uuid import UUID

from sqlalchemy import Engine, NullPool, create_engine, text
from sqlalchemy.exc import SQLAlchemyError

from infra.local.door import ask
from infra.local.ports import free_port
from infra.local.trouble import LocalError
from infra.standin.provider import Provider
from infra.standin.serving import running
from shared.settings import Settings, other_variables
from tests.faults import signs
from tests.faults.hosts import Host
from tests.faults.nursery import Born, bear
from tests.faults.proxy import Proxy
from tests.faults.pulse import Pulse

KEY, MASTER = bytes(range(32)), bytes(range(32, 64))
KINDS = (
    "goals serve", "goals erase", "reminders serve", "reminders follow", "reminders schedule",
    "reminders work", "reminders sweep", "reminders reconcile",
)  # fmt: skip
"""Every kind of process that an installation has."""
SERVED = {"goals serve": "goals", "reminders serve": "reminders"}
_CONTACTS = text("SELECT count(*) FROM contact WHERE client_id = :client")
OPTIONS = {"reminders work": ("--threads", "4")}


@dataclass(frozen=True)
class Ground:
    """What a town stands on: URLs of the four databases, of two of them as the superuser, and of the bell."""

    goals: str
    vault: str
    reminders: str
    reminders_vault: str
    goals_admin: str
    reminders_admin: str
    broker: str


@dataclass
class Town:
    """What runs. Between any two parts stands a proxy of `between`, by the name of whom it leads to."""

    folder: Path
    provider: Provider
    between: dict[str, Proxy]
    settings: Settings
    log: Engine
    """The goals service's database, as the superuser sees it."""
    ledger: Engine
    processes: dict[str, Born] = field(default_factory=dict)
    environment: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.pulse = Pulse(
            lambda: signs.moved(self.log, self.ledger, self.provider),
            lambda: signs.told(self.log, self.ledger, self.processes),
        )

    def start(
        self, *kinds: str, point: str | None = None, host: Host | None = None, ready: bool = True
    ) -> None:
        """Starts one process of each of these kinds; another of a kind is called `reminders work 2`."""
        environment = host.seen_from_there(self.environment) if host else self.environment
        for kind in kinds:
            words = kind.split()[:2]
            log = self.folder / f"{'-'.join(kind.split())}.log"
            options = OPTIONS.get(" ".join(words), ())
            self.processes[kind] = bear(
                [*words, *options], environment, log, point, host.name if host else None
            )
        if ready:
            self.wait_until_ready(*kinds)

    def run(self, *words: str) -> int | None:
        """Runs a command of ours to its end; its exit code."""
        born = bear(words, self.environment, self.folder / f"{'-'.join(words)}.log")
        born.process.join()
        return born.process.exitcode

    def wait_until_ready(self, *kinds: str) -> None:
        """Until those of these kinds that serve somebody do."""
        for kind in kinds:
            if kind in SERVED:
                soon(lambda house=SERVED[kind]: self.is_ready(house), 60)  # type: ignore[misc]

    def is_ready(self, house: str) -> bool:
        """Whether a service can be reached, and serve."""
        try:
            return ask("GET", f"{self.url(house)}/readyz")[0] == 200
        except LocalError:
            return False

    def kill(self, kind: str) -> None:
        """With -9."""
        self.processes[kind].kill()

    def revive(self) -> list[str]:
        """Starts again whoever has ended by itself, as whatever keeps an installation does; who that was."""
        fallen = [kind for kind, born in self.processes.items() if not born.lives]
        self.start(*fallen, ready=False)
        return fallen

    def url(self, house: str) -> str:
        """Where a service is found, through its proxy."""
        return f"http://127.0.0.1:{self.between[house].port}"

    def close(self) -> None:
        """Ends everything."""
        for born in self.processes.values():
            born.kill()
        for proxy in self.between.values():
            proxy.close()
        self.log.dispose()
        self.ledger.dispose()


@contextmanager
def town(ground: Ground, folder: Path) -> Iterator[Town]:
    """A town in which nothing runs yet but the provider."""
    provider = Provider()
    with running(provider) as api:
        ports = {"goals": free_port(), "reminders": free_port()}
        between = {
            "postgres": Proxy("postgres", port_of(ground.goals)),
            "valkey": Proxy("valkey", port_of(ground.broker)),
            "provider": Proxy("provider", port_of(api)),
            "goals": Proxy("goals", ports["goals"]),
            "reminders": Proxy("reminders", ports["reminders"]),
        }
        provider.callbacks.through = f"http://127.0.0.1:{between['reminders'].port}"
        settings = _settings(ground, provider, between, ports)
        provider.texts.url = f"{settings.reminders_public_url}/twilio/inbound"
        it = Town(
            folder,
            provider,
            between,
            settings,
            create_engine(_through(ground.goals_admin, between["postgres"].port), poolclass=NullPool),
            create_engine(_through(ground.reminders_admin, between["postgres"].port), poolclass=NullPool),
            environment=other_variables(os.environ) | settings.environment(),
        )
        try:
            yield it
        finally:
            it.close()


def is_known(town: Town, client_id: UUID) -> bool:
    """Whether the reminder service knows whose texts come from her number."""
    try:
        with town.ledger.connect() as connection:
            return bool(connection.execute(_CONTACTS, {"client": client_id}).scalar_one())
    except SQLAlchemyError:  # it is away, and that is what is being tried
        return False


def soon(holds: Callable[[], bool], seconds: float = 30) -> None:
    """Waits until it holds; fails when it does not in time."""
    until = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < until, f"not within {seconds} s"
        time.sleep(0.05)


def port_of(url: str) -> int:
    """The port that a URL names."""
    port = urlsplit(url).port
    assert port is not None
    return port


def _settings(
    ground: Ground, provider: Provider, between: dict[str, Proxy], ports: dict[str, int]
) -> Settings:
    databases, bell = between["postgres"].port, between["valkey"].port
    api = f"http://127.0.0.1:{between['provider'].port}"
    return replace(
        Settings.read(provider.environment(api)),
        goals_database_url=_through(ground.goals, databases),
        vault_database_url=_through(ground.vault, databases),
        reminders_database_url=_through(ground.reminders, databases),
        reminders_vault_database_url=_through(ground.reminders_vault, databases),
        broker_url=_through(ground.broker, bell),
        goals_url=f"http://127.0.0.1:{between['goals'].port}",
        goals_port=ports["goals"],
        reminders_port=ports["reminders"],
        reminders_public_url=f"http://127.0.0.1:{between['reminders'].port}",
        master_key=MASTER,
        token_key=KEY,
        erasure_wait_days=0,
    )


def _through(url: str, port: int) -> str:
    return url.replace(f":{port_of(url)}/", f":{port}/", 1)
