"""A PostgreSQL and a Valkey of a test's own, which may be killed and come back."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from infra.local import databases as local
from infra.local.child import Child
from infra.local.logins import LOGINS
from infra.local.postgres import start_postgres
from infra.local.valkey import start_valkey
from tests.faults.town import Ground, Town, port_of

SAFE_FROM_KILLS = {"fsync": "off", "full_page_writes": "off"}
"""What is committed outlives every process; the machine itself is not what is pulled from under it here."""


@dataclass
class Servers:
    """The two, in a folder."""

    folder: Path
    password: str
    ground: Ground
    postgres: Child
    valkey: Child

    def kill_postgres(self, town: Town) -> None:
        """With -9, all of it; another in its place recovers what was committed."""
        self.postgres.process.kill()
        self.postgres.stop(patience=10)
        self.start_postgres(town)

    def start_postgres(self, town: Town) -> None:
        """Starts it on the data that is there; the town's proxy leads to it from now on."""
        self.postgres, url = start_postgres(self.folder / "postgres", self.password, SAFE_FROM_KILLS)
        town.between["postgres"].to = port_of(url)

    def kill_valkey(self, town: Town) -> None:
        """With -9: all that it was told is forgotten."""
        self.valkey.process.kill()
        self.valkey.stop(patience=10)
        self.start_valkey(town)

    def start_valkey(self, town: Town) -> None:
        """Starts an empty one."""
        self.valkey, url = start_valkey(self.folder / "valkey", self.password)
        town.between["valkey"].to = port_of(url)

    def close(self) -> None:
        """Stops both."""
        self.postgres.stop()
        self.valkey.stop()


@contextmanager
def servers(folder: Path) -> Iterator[Servers]:
    """Starts both, with the roles and the four databases as the migrations make them."""
    password = secrets.token_urlsafe(12)
    passwords = dict.fromkeys(LOGINS, password)
    postgres, admin = start_postgres(folder / "postgres", password, SAFE_FROM_KILLS)
    valkey, broker = start_valkey(folder / "valkey", password)
    local.make_roles(admin, passwords)
    local.make_databases(admin)
    local.migrate(local.places(admin, passwords, owners=True))
    there, of_admin = local.places(admin, passwords), admin.rpartition("/")[0]
    ground = Ground(
        there.goals,
        there.vault,
        there.reminders,
        there.reminders_vault,
        f"{of_admin}/cairn_goals",
        f"{of_admin}/cairn_reminders",
        broker,
    )
    made = Servers(folder, password, ground, postgres, valkey)
    try:
        yield made
    finally:
        made.close()
