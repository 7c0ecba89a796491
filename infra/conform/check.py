"""`make conform`: every call that our code makes of the provider, with its real SDK, through the proxy."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import click
import requests

from infra.conform.prism import proxy, violations
from infra.local.trouble import LocalError
from infra.standin.accepted import FINAL
from infra.standin.provider import Provider
from infra.standin.script import Said, Script
from infra.standin.serving import running
from services.reminders.channels import Letter, Verdict
from services.reminders.channels.sms import ProviderAway, Twilio

FOLDER = Path(__file__).parents[2] / ".conform"
"""What `make conform` has installed."""
PUBLIC = "https://reminders.example.org"
NUMBER = "+15035550142"
REFUSED: dict[Said, Verdict] = {
    "21211": "permanent",
    "21610": "permanent",
    "21611": "retry",
    "21614": "permanent",
    "429": "retry",
    "500": "ambiguous",
}
DELIVERIES = ("delivered", "sent", "30001", "30003", "30007")


@dataclass
class Seen:
    """The calls that went through the proxy, and what it had against them."""

    calls: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    def keep(self, answer: requests.Response) -> None:
        """Takes one in; no number and no word of it."""
        path = answer.request.path_url.partition("?")[0]
        call = f"{answer.request.method} …/{path.rpartition('/')[2][:12]} {answer.status_code}"
        self.calls.append(call)
        self.wrong += [f"{call}: {one}" for one in violations(answer)]

    def expect(self, what: str, holds: bool) -> None:
        """Takes in what our own code made of the answers."""
        if not holds:
            self.wrong.append(what)


@click.command()
def main() -> None:
    """Fails where the proxy finds the stand-in or our requests other than described."""
    seen = Seen()
    provider = Provider(through="http://127.0.0.1:9")
    try:
        with running(provider) as upstream, proxy(FOLDER, upstream) as url:
            _must_notice(url, provider)
            _every_call(url, provider, seen)
    except LocalError as trouble:
        raise SystemExit(f"conform: {trouble}") from None
    for wrong in seen.wrong:
        click.echo(f"NO  {wrong}")
    click.echo(f"{len(seen.calls)} calls, {len(seen.wrong)} not as the provider's description says")
    raise SystemExit(1 if seen.wrong else 0)


def _every_call(url: str, provider: Provider, seen: Seen) -> None:
    try:
        with _channel(url, provider, seen) as twilio:
            _sends(twilio, provider, seen)
            _looks(twilio, provider, seen)
            _redacts(twilio, provider, seen)
        with _channel(url, provider, seen, token="wrong") as stranger:  # noqa: S106  it is to be wrong
            seen.expect("a wrong token is refused", stranger.send(_letter()).cause == "provider_refuses_us")
    except ProviderAway as away:
        seen.wrong.append(f"our own code takes it for a provider that is away: {away}")


def _sends(twilio: Twilio, provider: Provider, seen: Seen) -> None:
    for delivery in DELIVERIES:
        provider.scripts.set(NUMBER, [Script(delivery=delivery)])
        for valid_for in (None, timedelta(hours=2)):
            seen.expect("a message is accepted", twilio.send(_letter(valid_for)).verdict == "sent")
    for refusal, verdict in REFUSED.items():
        provider.scripts.set(NUMBER, [Script(refusal)])
        seen.expect(f"{refusal} is {verdict}", twilio.send(_letter()).verdict == verdict)


def _looks(twilio: Twilio, provider: Provider, seen: Seen) -> None:
    began = datetime.now(UTC) - timedelta(minutes=5)
    sent = provider.accepted.all()
    for _ in range(50):  # more than a page of our own asking holds
        provider.accepted.add(to=NUMBER, body="x", sender=None, service=provider.service,
                              status_callback=None, validity_period=60)  # fmt: skip
    listed = twilio.sent_to(NUMBER, began)
    seen.expect("all that was accepted is listed, page by page", len(listed) == len(sent) + 50)
    for one in sent:
        seen.expect("a message is found", twilio.fetch(one.sid) is not None)
    seen.expect("what was never sent is not found", twilio.fetch("SM" + "0" * 32) is None)


def _redacts(twilio: Twilio, provider: Provider, seen: Seen) -> None:
    for one in provider.accepted.all():
        seen.expect("what is final is emptied, and no other", twilio.redact(one.sid) is (one.status in FINAL))


def _must_notice(url: str, provider: Provider) -> None:
    """A proxy that finds nothing wrong with a message to nobody would prove nothing."""
    path = f"{url}/2010-04-01/Accounts/{provider.account}/Messages.json"
    answer = requests.post(path, {"Body": "x"}, auth=(provider.account, provider.token), timeout=10)
    if not violations(answer):
        raise LocalError("the proxy lets a message without a number pass, so its word is worth nothing")


@contextmanager
def _channel(url: str, provider: Provider, seen: Seen, token: str | None = None) -> Iterator[Twilio]:
    twilio = Twilio(
        account_sid=provider.account,
        auth_token=token or provider.token,
        messaging_service_sid=provider.service,
        public_url=PUBLIC,
        api_url=url,
    )
    # Behind the SDK, where the proxy's headers still are.
    twilio._http.session.hooks["response"].append(lambda answer, **_: seen.keep(answer))
    yield twilio
    twilio.close()


def _letter(valid_for: timedelta | None = None) -> Letter:
    return Letter(
        message_id=uuid4(),
        record_id=uuid4(),
        channel="sms",
        to=NUMBER,
        text="Northside: that counts, and it is saved.",
        subject=None,
        html=None,
        zone="UTC",
        at=datetime.now(UTC),
        valid_for=valid_for,
    )


if __name__ == "__main__":
    main()
