"""A PostgreSQL of a benchmark's own, with our databases in it, on a steady disk or on the real one."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from infra.local import databases
from infra.local.databases import Places
from infra.local.logins import LOGINS
from infra.local.postgres import start_postgres
from infra.local.trouble import LocalError

Disk = Literal["steady", "real"]
MEMORY = Path("/dev/shm")  # noqa: S108  it is the memory that is wanted
DURABLE = Path("/var/tmp")  # noqa: S108  unlike /tmp it is never memory
STEADY: Mapping[str, str] = {"commit_delay": "1000", "commit_siblings": "0"}
"""Every flush takes one millisecond, however many wait for it: so designs can be ranked."""
ADMIN = "CAIRN_BENCH_ADMIN"
"""The variable that tells a peer's server the superuser's URL."""
PASSWORD = "only-for-benchmarks"  # noqa: S105  of a cluster that ends with the run
MASTER_KEY = b"only-for-benchmarks".ljust(32)
TOKEN_KEY = b"only-for-benchmarks, too".ljust(32)


@dataclass(frozen=True)
class Cluster:
    """A running cluster: the superuser's URL of the goals database, and what the services connect to."""

    admin: str
    places: Places

    @property
    def reminders_admin(self) -> str:
        """The superuser's URL of the reminder database."""
        return self.admin.replace("/cairn_goals", "/cairn_reminders")


@contextmanager
def cluster(disk: Disk) -> Iterator[Cluster]:
    """One that is made now and gone afterwards. Raises LocalError where it cannot be."""
    with folder(disk) as ground:
        child, url = start_postgres(ground / "postgres", PASSWORD, STEADY if disk == "steady" else {})
        try:
            passwords = dict.fromkeys(LOGINS, PASSWORD)
            databases.make_roles(url, passwords)
            databases.make_databases(url)
            databases.migrate(databases.places(url, passwords, owners=True))
            admin = url.removesuffix("/postgres") + "/cairn_goals"
            yield Cluster(admin, databases.places(url, passwords))
        finally:
            child.stop()


@contextmanager
def folder(disk: Disk) -> Iterator[Path]:
    """A folder on this disk, gone afterwards, which the user that PostgreSQL runs as can reach too."""
    if disk == "steady" and not MEMORY.is_dir():
        raise LocalError(f"There is no {MEMORY} here: the steady disk is memory, as Linux has it.")
    where = MEMORY if disk == "steady" else DURABLE if DURABLE.is_dir() else None
    made = Path(tempfile.mkdtemp(prefix="cairn-bench-", dir=where))
    made.chmod(0o711)
    try:
        yield made
    finally:
        shutil.rmtree(made, ignore_errors=True)
