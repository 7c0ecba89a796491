"""`cairn reminders read, slots, lint`: a reply, a cadence and a wording, tried without sending."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import islice
from typing import TypeVar
from zoneinfo import ZoneInfo

import click
import msgspec

from services.reminders.rules.cadence import slots as slots_of
from services.reminders.rules.lint import Where, judged
from services.reminders.rules.replies.reply import Context, Reply
from services.reminders.rules.replies.understand import understand
from shared.events import Cadence

MOST_SLOTS = 10_000
T = TypeVar("T")


class Asked(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One line of `read -`."""

    text: str
    context: Context = Context()


@click.command("read")
@click.argument("text")
@click.option(
    "--context", metavar="JSON", default="{}", help="What we said last, for one TEXT; its fields stand above."
)
def read(text: str, context: str) -> None:
    """Say what a reply would be understood as.

    TEXT is the reply; `-` reads many, one JSON object a line: {"text": …, "context": …}. The context may hold
    rating_asked_hours_ago, just_asked_opt_in, focus_goals and last_prompt_goal.
    """
    if text != "-":
        _say(understand(_legible(text), _of_json(context, Context, "--context")))
        return
    for number, line in enumerate(sys.stdin, start=1):
        if line.strip():
            asked = _of_json(line, Asked, f"line {number}")
            _say(understand(asked.text, asked.context))


@click.command("slots")
@click.option("--zone", required=True, metavar="ZONE", help="A time zone by its IANA name.")
@click.option("--cadence", required=True, metavar="JSON", help='{"days": ["mon", …], "times": ["08:00", …]}.')
@click.option("--after", required=True, metavar="TIME", help="The slots strictly after it (RFC 3339).")
@click.option("-n", "count", default=10, show_default=True, type=click.IntRange(1, MOST_SLOTS))
def slots(zone: str, cadence: str, after: str, count: int) -> None:
    """Show when a cadence comes round, in UTC, one slot a line."""
    asked = _of_json(cadence, Cadence, "--cadence")
    if not asked.days or not asked.times:
        raise click.BadParameter("names at least one day and one time", param_hint="--cadence")
    for slot in islice(slots_of(_zone(zone), asked, moment(after, "--after")), count):
        click.echo(slot.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"))


@click.command("lint")
@click.argument("text")
@click.option(
    "--where",
    type=click.Choice(["sms", "email_subject", "email_first_line"]),
    default="sms",
    show_default=True,
    help="Where it would be read.",
)
@click.option("--starts", is_flag=True, help="It starts a conversation, so an SMS says how to end them.")
def lint(text: str, where: Where, starts: bool) -> None:
    """Say whether a wording is fit to send.

    How it travels, and which of its words are not to be sent.
    """
    click.echo(msgspec.json.encode(judged(text, where, starts=starts)).decode())


def moment(text: str, option: str) -> datetime:
    """An instant with its offset. Raises BadParameter that names the option."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        found = None
    if found is None or found.tzinfo is None:
        raise click.BadParameter("must be like 2026-03-02T08:00:00-05:00, with its offset", param_hint=option)
    return found


def commands() -> Iterator[click.Command]:
    """The commands that try something out; they need no server and no settings."""
    yield from (read, slots, lint)


def _say(reply: Reply) -> None:
    click.echo(msgspec.json.encode(reply).decode())


def _zone(name: str) -> str:
    try:
        return ZoneInfo(name).key
    except (KeyError, ValueError, OSError):
        raise click.BadParameter(
            "must be an IANA time zone, e.g. America/Los_Angeles", param_hint="--zone"
        ) from None


def _legible(text: str) -> str:
    """What came from a terminal; bytes that are no UTF-8 as the sign that stands for such."""
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _of_json(text: str, shape: type[T], where: str) -> T:
    try:
        return msgspec.json.decode(_legible(text), type=shape)
    except msgspec.MsgspecError as error:
        raise click.BadParameter(str(error), param_hint=where) from None
