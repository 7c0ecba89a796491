"""`cairn demo`: everything on this machine, the story told through it, and what came out on the phone."""

from __future__ import annotations

import subprocess
import sys
import time as clock
from collections.abc import Iterable
from datetime import UTC, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

import click
import requests

from infra.local import story as told
from infra.local.signals import Stopped
from infra.local.story import Step, Story
from infra.local.up import Up, running
from shared.settings import Settings

PATIENCE_SECONDS = 30


class StoryStopped(click.ClickException):
    """A step did not go as the story has it."""

    exit_code = 1


@click.command()
@click.option("--exit", "leave", is_flag=True, help="Stop when the story is told, instead of at Ctrl-C.")
@click.pass_obj
def demo(settings: Settings, leave: bool) -> None:
    """Start everything on this machine and tell the story of one client through the real path."""
    opening = "Starting PostgreSQL, Valkey, both services and the workers on this machine ..."
    try:
        with running(settings, local_channels=True, opening=opening) as up:
            now = datetime.now(UTC)
            teller = tell(Story(zone=told.where_it_is_late_morning(now), now=now), up)
            if leave:
                return
            if not sys.stdin.isatty():
                click.echo(
                    "\nNo terminal is here to stop it from, so it stops now. `cairn up` keeps running."
                )
                return
            click.echo(teller.where_to_look())
            up.wait()
    except Stopped:
        click.echo("Stopped.")


def tell(story: Story, up: Up) -> Teller:
    """Tells it step by step, and gives who told it; raises StoryStopped where a step fails."""
    teller = Teller(story, up)
    teller.heading(f"Late morning in {story.zone.rpartition('/')[2].replace('_', ' ')}")
    teller.do(told.beginning(story))
    teller.do(told.first_goal(story))
    etag = teller.etag
    teller.do(told.first_practice(story))
    teller.receive(2, "Her first step is celebrated at once, on both channels")
    teller.do(told.what_follows(story))
    teller.do(told.easing(story, teller.read_etag() or etag))
    teller.held()
    teller.clock_to(story.at(time(20, 0)), "At 20:00 her reminder comes due")
    teller.receive(1, "A nudge, nothing clinical in it")
    teller.clock_to(story.at(time(8, 0), days=1), "The next morning, what was held is opened")
    teller.receive(2, "Several milestones, one message")
    teller.history()
    teller.verdict()
    return teller


class Teller:
    """Takes the steps and shows what comes of them."""

    def __init__(self, story: Story, up: Up) -> None:
        self.story = story
        self.up = up
        self.etag = ""
        self.shown = 0
        self.tokens = {
            "operator": up.mint(role="operator", sub="demo"),
            "therapist": up.mint(role="therapist", sub=str(story.therapist), clinic=str(story.clinic)),
            "client": up.mint(
                role="client", sub=str(story.client), clinic=str(story.clinic), client=str(story.client)
            ),
        }
        self.shown = len(self._outbox())

    def heading(self, text: str) -> None:
        """A line that says what comes next."""
        click.echo(f"\n{text}")

    def do(self, steps: Iterable[Step]) -> None:
        """Takes the steps in turn, a line each."""
        for step in steps:
            answer = self._ask(step)
            local = datetime.now(ZoneInfo(self.story.zone))
            click.echo(f"  {local:%H:%M}  {step.what:<33} {step.method} {step.path}  {answer.status_code}")
            if not answer.ok:
                raise StoryStopped(f"{step.what}: {answer.text}")
            self.etag = answer.headers.get("ETag", self.etag)

    def read_etag(self) -> str:
        """The goal's version, as the therapist reads it before she adjusts it."""
        return self._ask(Step("", "therapist", "GET", f"/v1/goals/{self.story.goal}")).headers["ETag"]

    def receive(self, expected: int, text: str) -> None:
        """Waits for messages, and shows each whole as it was received."""
        self.heading(text)
        until = clock.monotonic() + PATIENCE_SECONDS
        while len(items := self._outbox()[self.shown :]) < expected:
            if clock.monotonic() > until:
                raise StoryStopped(f"{len(items)} of {expected} messages came within {PATIENCE_SECONDS} s")
            clock.sleep(0.05)
        self.shown += len(items)
        for item in sorted(items, key=lambda i: str(i["channel"]), reverse=True):
            _show(item)

    def held(self) -> None:
        """Shows what is held back, and by which rule."""
        self.heading("What is held back, and why")
        until = clock.monotonic() + PATIENCE_SECONDS
        while not (waiting := [m for m in self._messages() if m.get("held_until")]):
            if clock.monotonic() > until:
                raise StoryStopped("nothing was held back")
            clock.sleep(0.05)
        for message in waiting:
            opens = datetime.fromisoformat(message["held_until"]).astimezone(ZoneInfo(self.story.zone))
            kinds = ", ".join(message["kinds"])
            click.echo(f"  {kinds} by {message['channel']}: {message['cause']}, opens {opens:%a %H:%M}")

    def clock_to(self, when: datetime, text: str) -> None:
        """Moves the scheduler's clock, and says so."""
        self.heading(text)
        command = ("reminders", "schedule", "--once", "--at", when.isoformat())
        click.echo(f"  $ cairn {' '.join(command)}")
        self._run(*command)

    def history(self) -> None:
        """What changed, when, why and by whom."""
        step = told.question(self.story)
        self.heading(f"{step.what}  {step.method} {step.path}")
        for item in self._ask(step).json()["items"]:
            local = datetime.fromisoformat(item["time"]).astimezone(ZoneInfo(self.story.zone))
            kind = item["type"].removeprefix("cairn.").removesuffix(".v1")
            who = f"{item['actor']['kind']} by {item['via']}"
            click.echo(f"  {local:%d %b %H:%M}  {kind:<18} {who:<18} {_what_and_why(item)}".rstrip())

    def verdict(self) -> None:
        """Whether the log is as it was written."""
        self.heading("Is the log as it was written?  $ cairn goals verify")
        click.echo("  " + self._run("goals", "verify").strip().splitlines()[-1])

    def where_to_look(self) -> str:
        """The story's places, for who has a browser; the therapist comes in by a link that holds once."""
        who = ("--clinic", str(self.story.clinic), "--staff", str(self.story.therapist))
        link = self._run("staff", "invite", *who).strip()
        return (
            "\nIt keeps running, until Ctrl-C.\n"
            f"  her goal   {link}\n"
            f"             choose a password, and open {told.NAME}; you are {told.THERAPIST}\n"
            f"  outbox     {self.up.reminders_url}/outbox\n"
            f"  goals      {self.up.goals_url}/docs\n"
            f"  reminders  {self.up.reminders_url}/docs"
        )

    def _ask(self, step: Step) -> requests.Response:
        headers = {"Authorization": f"Bearer {self.tokens[step.who]}", **step.headers}
        url = self.up.goals_url + step.path
        return requests.request(step.method, url, json=step.body, headers=headers, timeout=30)

    def _outbox(self) -> list[dict[str, Any]]:
        answer = requests.get(
            f"{self.up.reminders_url}/outbox", headers={"Accept": "application/json"}, timeout=10
        )
        answer.raise_for_status()
        items: list[dict[str, Any]] = answer.json()["items"]
        return items

    def _messages(self) -> list[dict[str, Any]]:
        url = f"{self.up.reminders_url}/v1/clients/{self.story.client}/messages"
        answer = requests.get(
            url, headers={"Authorization": f"Bearer {self.tokens['therapist']}"}, timeout=10
        )
        if answer.status_code == requests.codes.not_found:
            return []
        answer.raise_for_status()
        items: list[dict[str, Any]] = answer.json()["items"]
        return items

    def _run(self, *command: str) -> str:
        done = subprocess.run(  # noqa: S603 (our own command)
            [sys.executable, "-m", "infra.command", *command],
            env=self.up.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise StoryStopped(f"cairn {' '.join(command)}: {done.stderr.strip() or done.stdout.strip()}")
        return done.stdout


def _what_and_why(item: dict[str, Any]) -> str:
    data = item.get("data") or {}
    said = [f"{change['field']} {change['from']} → {change['to']}" for change in item.get("changes") or ()]
    if "practice_id" in data:
        said.append(f"on {data['on']}")
    if "rule" in data:
        said.append(f"{data['rule']} {data['threshold'] or ''}".strip())
    if "agreed" in data:
        said.append(f"agreed: {data['agreed']}")
    said += [item[name] for name in ("reason_code", "reason") if item.get(name)]
    return " · ".join(said)


def _show(item: dict[str, Any]) -> None:
    words = item["text"].strip().splitlines()
    if item["channel"] == "sms":
        click.echo(f"  ┌ text to {item['to']}")
    else:
        click.echo(f"  ┌ e-mail to {item['to']}: {item['subject']}")
    for line in words:
        click.echo(f"  │ {line}")
    click.echo("  └")
