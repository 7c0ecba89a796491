"""The drill: all is dumped, restored into another cluster by the commands of the page, and goes on."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from infra.local import databases as local
from infra.local.databases import Places
from infra.local.logins import LOGINS
from infra.local.ports import free_port
from infra.local.postgres import FORGETFUL, programs, start_postgres
from services.goals.beats import House as Log
from services.goals.log.read import load
from services.reminders import people
from services.reminders.parts import Parts
from services.reminders.shred import shred
from shared.database import engine
from shared.settings import Settings, other_variables
from shared.vault import Vault
from tests.conftest import PASSWORDS
from tests.controls import CLIENT, CLINIC, NAME
from tests.reminders.both import CLIENT_BODY, HERS, Both
from tests.reminders.house import House

pytestmark = pytest.mark.timeout(400)
PAGE = Path(__file__).parents[2] / "docs" / "operations" / "backup.md"
KEY = b"k" * 32
ERASED = UUID("00000000-0000-4000-8000-0000000000b9")


def commands(heading: str) -> list[str]:
    """The page's shell commands below a heading, block by block."""
    part = PAGE.read_text().split(f"\n## {heading}\n")[1].split("\n## ")[0]
    return re.findall(r"^ *```sh\n(.*?)^ *```", part, re.MULTILINE | re.DOTALL)


@contextmanager
def cluster(place: Path) -> Iterator[str]:
    """A PostgreSQL with nothing of ours in it; its superuser's URL."""
    child, admin = start_postgres(place, "only-for-tests", FORGETFUL)
    try:
        yield admin
    finally:
        child.stop()


class Site:
    """An installation as an operator has it: a cluster, its settings, a shell beside it, both services."""

    def __init__(self, admin: str, broker: str, backup: Path) -> None:
        self.admin, self.backup = admin, backup
        there: Places = local.places(admin, PASSWORDS)
        self.ours = Settings(
            home=backup,
            reminders_database_url=there.reminders, reminders_vault_database_url=there.reminders_vault,
            broker_url=broker, goals_url=f"http://127.0.0.1:{free_port()}", master_key=KEY, token_key=KEY,
            reminders_public_url="https://r.example.org",
        )  # fmt: skip
        self.theirs = Settings(
            home=backup, goals_database_url=there.goals, vault_database_url=there.vault,
            master_key=b"g" * 32, token_key=KEY, seal_key=KEY, erasure_wait_days=0,
        )  # fmt: skip

    def shell(self, block: str, *, house: str = "goals", ends: int = 0) -> str:
        """Runs a block of the page with what an operator has set; what it said."""
        bin_folder = Path(sys.executable).parent
        path = os.pathsep.join(map(str, (bin_folder, programs(), os.defpath)))
        host, port = self.admin.rpartition("@")[2].partition("/")[0].split(":")
        given = {role: f"{role.upper()}_PASSWORD" for role in LOGINS}
        settings = self.theirs if house == "goals" else self.ours
        env = other_variables() | settings.environment() | {"PATH": path, "BACKUP": str(self.backup)}
        env |= {"PGHOST": host, "PGPORT": port, "PGUSER": "postgres", "PGPASSWORD": "only-for-tests"}
        env |= {"CAIRN_ADMIN_DATABASE_URL": self.admin} | {given[role]: PASSWORDS[role] for role in LOGINS}
        done = subprocess.run(
            ["sh", "-euc", block], env=env, capture_output=True, text=True, check=False, timeout=200,
            cwd=PAGE.parents[2],
        )  # fmt: skip
        assert done.returncode == ends, done.stdout + done.stderr
        return done.stdout

    @contextmanager
    def running(self) -> Iterator[Both]:
        """Both services, until they are stopped."""
        both = Both(House(Parts(self.ours), now=datetime.now(UTC)), self.ours, self.theirs)
        both.start()
        with closing(both):
            yield both

    def name_of(self, client: UUID) -> str | None:
        """The name of a client, as the log has it."""
        with ExitStack() as stack:
            log, keys = (engine(url, autocommit=True) for url in self.theirs.require(
                "goals_database_url", "vault_database_url"
            ))  # fmt: skip
            for made in (log, keys):
                stack.callback(made.dispose)
            house = Log(log, Vault(keys, self.theirs.require("master_key")))
            found = load(stack.enter_context(log.connect()), house.vault, CLINIC, client)
            assert found
            name: str | None = found.events[0].data.name  # type: ignore[attr-defined]
            return name


def begin(both: Both) -> None:
    """A clinic, and two clients; at an hour that is noon where she is."""
    both.begin()
    both.put("therapist", f"{HERS}/preferences", {"time_zone": noon(), "locale": "en"})
    both.put("therapist", f"/v1/clients/{ERASED}", CLIENT_BODY)
    both.consent("sms", uuid4())
    both.follow()


def noon() -> str:
    """A zone where it is just past noon; those east of Greenwich are written with a minus."""
    return f"Etc/GMT{datetime.now(UTC).hour - 12:+d}"


def sent(both: Both) -> set[UUID]:
    """The ids of all that was ever handed over there."""
    with both.house.parts.engine.connect() as connection:
        return set(connection.execute(text("SELECT message_id FROM outbox")).scalars())


def deliver(both: Both) -> None:
    """All that waits is rung for, and answered."""
    both.house.now = datetime.now(UTC)
    both.house.rung = both.house._waiting()
    both.house.answer()


def test_the_drill_of_the_page(ground: Path, broker_url: str, tmp_path: Path) -> None:
    with cluster(ground / "old") as here, cluster(ground / "new") as there:
        local.make_roles(here, PASSWORDS)
        local.make_databases(here)
        local.migrate(local.places(here, PASSWORDS, owners=True))
        old, new = Site(here, broker_url, tmp_path), Site(there, broker_url, tmp_path)
        gone = lost_time(old)
        restore(new)
        goes_on(new, gone)


def lost_time(old: Site) -> set[UUID]:
    """The backup is taken while all goes on: after the ledger's dump a message goes, she consents to e-mails,
    and after the log's dump the other client is erased. Gives what was sent.
    """
    [taking] = commands("Taking one")
    with old.running() as both:
        begin(both)
        both.put("therapist", f"{HERS}/wins/{uuid4()}", {"kind": "effort"})
        both.follow()
        old.shell(only(taking, "cairn_reminders", "cairn_reminders_vault"))
        deliver(both)
        assert len(sent(both)) == 1
        both.consent("email", uuid4())
        old.shell("cairn goals seal")
        old.shell(only(taking, "cairn_goals", "cairn_vault"))
        erase(old, both)
        old.shell("cairn goals seal")
        old.shell(only(taking, "cairn_vault", "cairn_reminders_vault"))  # always the newest
        return sent(both)


def only(block: str, *names: str) -> str:
    """The page's loop for some of its databases, so that something happens between them."""
    order = "cairn_reminders cairn_reminders_vault cairn_goals cairn_vault"
    assert order in block
    return block.replace(order, " ".join(names))


def erase(old: Site, both: Both) -> None:
    """The other client is erased in both services, as a lead decides."""
    path = f"/v1/clients/{ERASED}/erasures/{uuid4()}"
    both.put("therapist", path, {})
    both.put("lead", f"{path}/decision", {"decision": "granted", "ground": "She asked"})
    assert "key destroyed" in old.shell("cairn goals erase --once")
    both.follow()
    parts = both.house.parts
    assert shred(parts.engine, parts.vault, datetime.now(UTC), asks=False) == 1
    assert old.name_of(ERASED) is None


def restore(new: Site) -> None:
    prepare, restoring, checks, _ = commands("Coming back")
    new.shell(prepare)
    new.shell(restoring)
    assert "is missing: seal 2 was made over" in new.shell("cairn goals verify", ends=1)
    (new.backup / "lost").mkdir()
    (new.backup / "seals" / "00000002.json").rename(new.backup / "lost" / "00000002.json")
    told = new.shell(checks)
    assert re.search(r"Seal 1 of .* holds \d+ events", told)
    assert "every chain whole" in told
    assert new.name_of(CLIENT) == NAME
    assert new.name_of(ERASED) is None  # the log is from before her erasure, and cannot bring her back


def goes_on(new: Site, gone: set[UUID]) -> None:
    """It serves and follows, sends nothing before it is released, and nothing twice after."""
    [*_, releasing] = commands("Coming back")
    with new.running() as both:
        assert both.follow() == 1  # what happened between the two dumps
        assert {one.scope for one in both.her().consents.values()} == {"sms", "email"}
        deliver(both)
        assert (sent(both), both.house.states()) == (set(), [("planned", "restored")] * 2)
        assert "2 messages may have gone before" in new.shell(releasing, house="reminders")
        deliver(both)
        assert (sent(both), both.house.states()) == (set(), [("unknown", "restored")] * 2)
        somebody_new(both)
        deliver(both)
        assert len(sent(both)) == 1
        assert sent(both) & gone == set()
        with both.house.parts.engine.connect() as connection:
            assert people.person(connection, both.house.parts.vault, ERASED) is None


def somebody_new(both: Both) -> None:
    """Another client has a first win."""
    hers, body = f"/v1/clients/{uuid4()}", CLIENT_BODY | {"time_zone": noon()}
    both.put("therapist", hers, body)
    both.put("therapist", f"{hers}/contacts/sms", {"address": "+15035550177", "verified_by": "seen"})
    both.put("therapist", f"{hers}/consents/sms/{uuid4()}", {"text_version": "1"})
    both.put("therapist", f"{hers}/wins/{uuid4()}", {"kind": "effort"})
    both.follow()
