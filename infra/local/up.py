"""`cairn up`: everything on this machine, started in order, watched, and stopped with us."""

import shlex
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click

from infra.local import databases, room
from infra.local.held import hold as held
from infra.local.home import Home, Secrets
from infra.local.keys import ours
from infra.local.logins import URLS
from infra.local.people import STAFF, People, welcome
from infra.local.ports import free_port
from infra.local.postgres import start_postgres
from infra.local.processes import Processes
from infra.local.signals import Stopped, deafen, stoppable
from infra.local.trouble import CannotStart, LocalError
from infra.local.valkey import start_valkey
from shared import tokens
from shared.settings import VARIABLES, Settings, SettingsError, other_variables

BEHIND = ("reminders work", "reminders loops", "goals loops")
"""The commands of the processes that serve nobody."""


@dataclass(frozen=True)
class Up:
    """What runs now: where it is, who may come in, and how another process of ours finds it all."""

    settings: Settings
    goals_url: str
    reminders_url: str
    behind: dict[str, str]
    """Where the processes that serve nobody tell how they are, by their commands."""
    people: People
    environment: dict[str, str] = field(repr=False)
    """For a child process that should find the same installation."""
    _processes: Processes

    def mint(self, *, role: str, sub: str, clinic: str | None = None, client: str | None = None) -> str:
        """A token good for a day."""
        key = self.settings.require("token_key")
        day = timedelta(days=1)
        return tokens.mint(
            key, sub=sub, role=role, clinic=clinic, client=client, lifetime=day, now=datetime.now(UTC)
        )

    def wait(self) -> None:
        """Return at Ctrl-C or SIGTERM. Raises LocalError when one of the processes dies."""
        try:
            while True:
                self._processes.check()
                time.sleep(0.2)
        except Stopped:
            return


@contextmanager
def running(
    settings: Settings, *, local_channels: bool = False, hold: bool = False, opening: str | None = None
) -> Iterator[Up]:
    """Everything, from settings.home: ready when it yields, stopped in order when it ends.

    `local_channels` keeps every message on this machine, whatever the settings say; `hold` sends none before
    a release. `opening` is said once nothing else runs in this home. Raises LocalError or SettingsError.
    """
    if local_channels:
        settings = replace(settings, twilio_account_sid=None, smtp_url=None)
    home = Home(settings.home)
    with stoppable(), home.locked():
        processes = Processes(logs=home.path / "logs")
        if opening is not None:
            click.echo(opening)
        if not _names_databases(settings):
            room.must_have_room(home.path)
        processes.logs.mkdir(mode=0o700, exist_ok=True)
        home.remove("up.json")
        try:
            yield _started(settings, home, processes, hold=hold)
        finally:
            deafen()
            home.remove("up.json")
            processes.stop()


@click.command()
@click.option(
    "--hold",
    is_flag=True,
    help="Send nothing until `cairn reminders release`: for a home put back from a copy.",
)
@click.pass_obj
def up(settings: Settings, hold: bool) -> None:
    """Start everything on this machine, and keep it running until Ctrl-C."""
    began = time.monotonic()
    try:
        with running(settings, hold=hold) as it:
            click.echo(_greeting(it, time.monotonic() - began))
            it.wait()
    except Stopped:
        pass
    click.echo("Stopped.")


def _started(settings: Settings, home: Home, processes: Processes, *, hold: bool) -> Up:
    try:
        return _start(settings, home, processes, hold=hold)
    except SettingsError:
        raise
    except Exception as error:
        line = str(error) if isinstance(error, LocalError) else None
        line = room.trouble_at_start(home.path, error) or line
        if line is None:
            raise
        raise CannotStart(line) from error


def _start(settings: Settings, home: Home, processes: Processes, *, hold: bool) -> Up:
    known = home.secrets()
    settings, admin = _with_servers(settings, home, known, processes)
    ports = free_port(settings.goals_port), free_port(settings.reminders_port)
    goals_url, reminders_url = (f"http://127.0.0.1:{port}" for port in ports)
    settings = replace(
        settings,
        goals_port=ports[0],
        reminders_port=ports[1],
        goals_url=goals_url,
        reminders_url=reminders_url,
        goals_public_url=settings.goals_public_url or goals_url,
        reminders_public_url=settings.reminders_public_url or reminders_url,
    )
    environment = other_variables() | settings.environment()
    # Both connect only when they are asked, so they load while the schemas are made.
    processes.stage(
        processes.cairn("goals", "serve", env=environment),
        processes.cairn("reminders", "serve", env=environment),
    )
    if admin is not None:
        databases.make_roles(admin, known.passwords)
        databases.make_databases(admin)
        databases.migrate(databases.places(admin, known.passwords, owners=True))
    ours(settings)
    if hold:
        held(settings)
    probes = {command: free_port() for command in BEHIND}
    processes.stage(
        *(
            processes.cairn(*command.split(), env=environment, options=("--metrics-port", str(port)))
            for command, port in probes.items()
        )
    )
    behind = {command: f"http://127.0.0.1:{port}" for command, port in probes.items()}
    processes.wait_for(goals_url, reminders_url, *behind.values())
    people = welcome(home, settings, goals_url)
    home.write(
        "up.json",
        {
            "goals": goals_url,
            "reminders": reminders_url,
            "behind": behind,
            "databases": {name.removesuffix("_database_url"): getattr(settings, name) for name in URLS},
            "admin": admin,
            "broker": settings.broker_url,
            "clinic": people.clinic,
            "tokens": people.tokens,
        },
    )
    return Up(settings, goals_url, reminders_url, behind, people, environment, processes)


def _with_servers(
    settings: Settings, home: Home, known: Secrets, processes: Processes
) -> tuple[Settings, str | None]:
    """The settings with the servers that the environment does not name, started here."""
    admin = None
    if not _names_databases(settings):
        postgres, admin = start_postgres(home.path / "postgres", known.passwords["postgres"])
        processes.stage(postgres)
        there = databases.places(admin, known.passwords)
        settings = replace(
            settings,
            goals_database_url=there.goals,
            vault_database_url=there.vault,
            reminders_database_url=there.reminders,
            reminders_vault_database_url=there.reminders_vault,
        )
    if settings.broker_url is None:
        valkey, url = start_valkey(home.path / "valkey", known.passwords["valkey"])
        processes.stage(valkey)
        settings = replace(settings, broker_url=url)
    return replace(
        settings,
        master_key=settings.master_key or known.master_key,
        token_key=settings.token_key or known.token_key,
        seal_key=settings.seal_key or known.seal_key,
    ), admin


def _names_databases(settings: Settings) -> bool:
    given = [name for name in URLS if getattr(settings, name) is not None]
    if given and len(given) < len(URLS):
        missing = ", ".join(VARIABLES[name][0] for name in URLS if name not in given)
        raise SettingsError(f"Set all four database URLs or none: {missing} is not set")
    return bool(given)


def _greeting(it: Up, seconds: float) -> str:
    home = it.settings.home
    return (
        f"Cairn runs (started in {seconds:.1f} s, home {home}). Ctrl-C stops it.\n"
        f"  sign-in    {it.goals_url}/sign-in: {' or '.join(one['email'] for one in STAFF.values())},\n"
        f"             password {it.people.password}\n"
        f"  goals      {it.goals_url}/docs\n"
        f"  reminders  {it.reminders_url}/docs\n"
        f"  outbox     {it.reminders_url}/outbox\n"
        f"  metrics    {', '.join(f'{url}/metrics' for url in (it.goals_url, it.reminders_url))};"
        f" {', '.join(f'{name} {url}/metrics' for name, url in it.behind.items())}\n"
        f"  clinic     {it.people.clinic}\n"
        f"  tokens     Authorization: Bearer <token>; they are in {home / 'up.json'},\n"
        f"             or `{_this_command(home)} token --role therapist --clinic {it.people.clinic}`"
    )


def _this_command(home: Path) -> str:
    """How a person runs `cairn` from where she is, and finds this home with it."""
    said = Path(sys.argv[0])
    words = shlex.quote(str(said)) if said.stem == "cairn" else f"{sys.executable} -m infra.command"
    return words if home == Settings.read({}).home else f"CAIRN_HOME={shlex.quote(str(home))} {words}"
