"""`python -m infra.standin.twilio`: a stand-in for Twilio on this machine, until Ctrl-C."""

from __future__ import annotations

import os
import secrets
import signal
from types import FrameType

import click

from infra.standin.provider import ACCOUNT, SERVICE, Provider
from infra.standin.serving import make


@click.command()
@click.option("--port", default=0, type=click.IntRange(0, 65_535), help="The port; else a free one.")
@click.option("--through", metavar="URL", help="Where callbacks go, whatever address they are signed for.")
@click.option("--inbound", metavar="URL", help="The webhook that texts are brought to: …/twilio/inbound.")
def main(port: int, through: str | None, inbound: str | None) -> None:
    """Stand in for Twilio, and print the settings of a service that shall send by it.

    POST /standin/texts {"from": NUMBER, "body": TEXT} lets a phone write.

    TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN and TWILIO_MESSAGING_SERVICE_SID are taken where they are set.
    """
    provider = Provider(
        account=os.environ.get("TWILIO_ACCOUNT_SID", ACCOUNT),
        service=os.environ.get("TWILIO_MESSAGING_SERVICE_SID", SERVICE),
        through=through,
        token=os.environ.get("TWILIO_AUTH_TOKEN") or secrets.token_hex(16),
    )
    provider.texts.url = inbound
    server = make(provider, port)
    for name, value in provider.environment(f"http://127.0.0.1:{server.port}").items():
        click.echo(f"{name}={value}")

    def end(_signal: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, end)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        provider.close()


if __name__ == "__main__":
    main()
