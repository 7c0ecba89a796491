"""What tests stand on: a real PostgreSQL and a real Valkey per test worker, and fresh databases per test."""

import itertools
import logging
import os
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import psycopg
import pytest
import redis
import structlog
from hypothesis import HealthCheck, settings
from psycopg import sql

from infra.local import databases as local
from infra.local.logins import LOGINS
from infra.local.postgres import FORGETFUL, start_postgres
from infra.local.valkey import start_valkey

# A busy machine makes nothing wrong, and what passed once passes again: `make fuzz` is what looks further.
settings.register_profile(
    "cairn",
    deadline=None,
    derandomize="CAIRN_FUZZ_CASES" not in os.environ,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("cairn")

PASSWORDS = dict.fromkeys(LOGINS, "only-for-tests")
COPIES = itertools.count(1)


@dataclass
class Databases:
    """The four databases of one test, empty but for what the migrations put in: SQLAlchemy URLs.

    `.goals`, `.vault`, `.reminders`, `.reminders_vault` connect as the service's role, the same names with
    `_owner` as the owner, the same names with `_admin` as the superuser. Each database is copied from the
    migrated template when it is first asked for (about 30 ms), and dropped after the test, with whoever is
    still connected. `.admin` is the superuser's URL of the cluster.
    """

    admin: str
    prefix: str
    _made: set[str] = field(default_factory=set)

    @cached_property
    def goals(self) -> str:
        return self._url("cairn_goals", "cairn_goals")

    @cached_property
    def vault(self) -> str:
        return self._url("cairn_vault", "cairn_vault")

    @cached_property
    def reminders(self) -> str:
        return self._url("cairn_reminders", "cairn_reminders")

    @cached_property
    def reminders_vault(self) -> str:
        return self._url("cairn_reminders_vault", "cairn_reminders_vault")

    @cached_property
    def goals_owner(self) -> str:
        return self._url("cairn_goals", "cairn_goals_owner")

    @cached_property
    def vault_owner(self) -> str:
        return self._url("cairn_vault", "cairn_vault_owner")

    @cached_property
    def reminders_owner(self) -> str:
        return self._url("cairn_reminders", "cairn_reminders_owner")

    @cached_property
    def reminders_vault_owner(self) -> str:
        return self._url("cairn_reminders_vault", "cairn_reminders_vault_owner")

    @cached_property
    def goals_admin(self) -> str:
        return self._admin_url("cairn_goals")

    @cached_property
    def vault_admin(self) -> str:
        return self._admin_url("cairn_vault")

    @cached_property
    def reminders_admin(self) -> str:
        return self._admin_url("cairn_reminders")

    @cached_property
    def reminders_vault_admin(self) -> str:
        return self._admin_url("cairn_reminders_vault")

    def drop(self) -> None:
        """Remove every copy, and whoever is still connected to it."""
        with psycopg.connect(local.plain(self.admin), autocommit=True) as admin:
            for kind in self._made:
                name = sql.Identifier(self.prefix + kind)
                admin.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(name))
        self._made.clear()

    def _url(self, kind: str, role: str) -> str:
        self._copy(kind)
        host = self.admin.rpartition("@")[2].partition("/")[0]
        return f"postgresql+psycopg://{role}:{PASSWORDS[role]}@{host}/{self.prefix}{kind}"

    def _admin_url(self, kind: str) -> str:
        self._copy(kind)
        return f"{self.admin.rpartition('/')[0]}/{self.prefix}{kind}"

    def _copy(self, kind: str) -> None:
        if kind not in self._made:
            with psycopg.connect(local.plain(self.admin), autocommit=True) as admin:
                local.make_database(admin, self.prefix + kind, kind, template=kind)
            self._made.add(kind)


@pytest.fixture(autouse=True)
def _own_log() -> Iterator[None]:
    """What a test configures of the log ends with it, for its stderr does."""
    before = list(logging.getLogger().handlers)
    yield
    structlog.reset_defaults()
    logging.getLogger().handlers[:] = before


@pytest.fixture(scope="session")
def ground() -> Iterator[Path]:
    """A folder for this worker's servers, which the user that PostgreSQL runs as can reach too."""
    folder = Path(tempfile.mkdtemp(prefix="cairn-test-"))
    folder.chmod(0o711)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def empty_cluster(ground: Path) -> Iterator[str]:
    """The superuser's URL of a running PostgreSQL with nothing of ours in it yet."""
    child, url = start_postgres(ground / "postgres", "only-for-tests", FORGETFUL)
    yield url
    child.stop()


@pytest.fixture(scope="session")
def cluster(empty_cluster: str) -> str:
    """The superuser's URL of a PostgreSQL with the roles and one migrated template of each database."""
    local.make_roles(empty_cluster, PASSWORDS)
    local.make_databases(empty_cluster)
    local.migrate(local.places(empty_cluster, PASSWORDS, owners=True))
    return empty_cluster


@pytest.fixture
def databases(cluster: str) -> Iterator[Databases]:
    """Fresh databases for one test; see Databases for what they offer."""
    copies = Databases(admin=cluster, prefix=f"t{next(COPIES)}_")
    yield copies
    copies.drop()


@pytest.fixture(scope="session")
def valkey(ground: Path) -> Iterator[str]:
    """The URL of this worker's Valkey, holding whatever the test before left."""
    child, url = start_valkey(ground / "valkey", "only-for-tests")
    yield url
    child.stop()


@pytest.fixture
def broker_url(valkey: str) -> str:
    """The URL of a Valkey that is empty when the test begins."""
    with redis.Redis.from_url(valkey) as client:
        client.flushall()
    return valkey
