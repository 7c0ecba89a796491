"""`cairn`: the one command, its parts loaded only when they are asked for."""

import os
import sys
from collections.abc import Callable
from importlib import import_module
from typing import Any

import click

from infra.local.found import found_here
from infra.local.home import Home
from infra.local.signals import Stopped
from infra.local.trouble import LocalError, server_trouble
from shared.settings import Settings, SettingsError

PARTS = {
    "up": ("infra.local.up:up", "Start everything on this machine, and keep it running until Ctrl-C."),
    "demo": ("infra.local.demo:demo", "Start everything and tell the story of one client."),
    "token": ("infra.local.enrol:token", "Print a token."),
    "clinic": ("infra.local.enrol:clinic", "Clinics, as an operator sets them up."),
    "staff": ("infra.local.enrol:staff", "Who works in a clinic."),
    "doctor": ("infra.local.doctor:doctor", "Say what is missing on this machine and what to do."),
    "status": ("infra.status.command:status", "Say how everything is, and what needs a person."),
    "simulate": (
        "services.reminders.simulation.command:simulate",
        "Say what a crowd of clients would be sent, and what it takes to send it.",
    ),
    "bench": ("bench.command:bench", "Measure it beside its peers, from a checkout of the project."),
    "goals": ("services.goals.commands:goals", "The goals service: its processes, and proving the log."),
    "reminders": (
        "services.reminders.commands:reminders",
        "The reminder service: its processes, and what it sent.",
    ),
}
STARTERS = frozenset({"up", "demo"})
"""These start an installation; all others find the one that runs."""


class Parts(click.Group):
    """A group whose commands are imported when they run, so that one service needs only its own extra."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 (click's signature)
        return list(PARTS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in PARTS:
            return None
        module, _, name = PARTS[cmd_name][0].partition(":")
        found = getattr(import_module(module), name)
        return found if isinstance(found, click.Command) else None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        with formatter.section("Commands"):
            formatter.write_dl([(name, words) for name, (_, words) in PARTS.items()])


@click.group(cls=Parts)
@click.version_option(package_name="cairn")
@click.pass_context
def cairn(ctx: click.Context) -> None:
    """Therapy goals as a record that only grows, and the reminders that follow from it."""
    if ctx.invoked_subcommand == "doctor":
        return  # it tells of wrong settings itself
    settings = Settings.read(os.environ)
    if ctx.invoked_subcommand not in STARTERS:
        for variable, value in found_here(Home(settings.home)).items():
            os.environ.setdefault(variable, value)  # what the environment says always wins
        settings = Settings.read(os.environ)
    ctx.obj = settings


def main() -> None:
    """Run the command; what a person can put right is one line on stderr."""
    sys.exit(_run(lambda: cairn.main(prog_name="cairn", standalone_mode=False)))


def _run(command: Callable[[], Any]) -> int:
    try:
        code = command()
    except SettingsError as wrong:
        return _complain(str(wrong), 2)
    except LocalError as trouble:
        return _complain(str(trouble), trouble.exit_code)
    except ModuleNotFoundError as missing:
        if (missing.name or "").partition(".")[0] in {"services", "shared", "infra"}:
            raise
        return _complain(f"{missing.name} is not installed: pip install 'cairn[goals,reminders,local]'", 2)
    except click.exceptions.NoArgsIsHelpError as asked:
        asked.show()
        return asked.exit_code
    except click.ClickException as wrong:
        return _complain(" ".join(wrong.format_message().split()), wrong.exit_code)
    except (click.Abort, KeyboardInterrupt, Stopped):
        return 130
    except Exception as error:
        line = server_trouble(error)
        if line is None:
            raise
        return _complain(line, 1)
    return code if isinstance(code, int) else 0


def _complain(line: str, code: int) -> int:
    click.echo(f"cairn: {line}", err=True)
    return code


if __name__ == "__main__":
    main()
