"""What an operator does by hand: sign a token, add a clinic, add somebody to its staff."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import click

from infra.local.door import put
from infra.local.home import Home
from shared import tokens
from shared.settings import Settings

DAY = timedelta(days=1)
LONGEST_SENDER = 20
"""Characters of a sender, as the door takes it. A name is never cut to fit: half a word is no name."""


@click.command()
@click.option("--role", required=True, type=click.Choice(sorted(tokens.ROLES)), help="Who it speaks for.")
@click.option("--clinic", type=click.UUID, help="The clinic; without it, this installation's first.")
@click.option("--client", type=click.UUID, help="The client, for the role client.")
@click.option("--sub", help="The person's id; without it, the first of that role here.")
@click.pass_obj
def token(settings: Settings, role: str, clinic: UUID | None, client: UUID | None, sub: str | None) -> None:
    """Print a token, good for a day."""
    key = settings.require("token_key")
    here = Home(settings.home).read("people.json")
    if clinic is None and role in tokens.OF_A_CLINIC and here:
        clinic = UUID(here["clinic"])
    if role == "client" and client is None:
        raise click.UsageError("Say whose token it is: --client CLIENT, the id of a client of that clinic.")
    if role != "client" and client is not None:
        raise click.UsageError("--client goes with --role client: the others speak for themselves.")
    if role in tokens.OF_A_CLINIC and clinic is None:
        raise click.UsageError(f"That would be a {role} without a clinic: say --clinic CLINIC.")
    if sub is None and client is not None:
        sub = str(client)
    if sub is None and here and (clinic is None or str(clinic) == here["clinic"]):
        sub = here["staff"].get(role)
    if sub is None and role in tokens.STAFF:
        raise click.UsageError("Say who it is: --sub STAFF, the id that `cairn staff add` printed.")
    try:
        signed = tokens.mint(
            key,
            sub=sub or str(uuid4()),
            role=role,
            clinic=clinic,
            client=client,
            lifetime=DAY,
            now=datetime.now(UTC),
        )
    except ValueError as wrong:
        raise click.UsageError(f"Nobody would believe this token: {wrong}.") from None
    click.echo(signed)


@click.group()
def clinic() -> None:
    """Clinics, as an operator sets them up."""


@clinic.command("add")
@click.option("--name", required=True, help="As its own people call it.")
@click.option("--country", required=True, help="Two letters, as US.")
@click.option("--time-zone", required=True, help="As America/New_York.")
@click.option("--phone", required=True, help="What a person calls, as +15035550142.")
@click.option("--sender", help="The neutral name on messages; without it, the clinic's name.")
@click.option("--locale", default="en", show_default=True, help="Its language, as en or es.")
@click.option("--cover-email", help="Who is told when a therapist is away.")
@click.pass_obj
def add_clinic(
    settings: Settings,
    name: str,
    country: str,
    time_zone: str,
    phone: str,
    sender: str | None,
    locale: str,
    cover_email: str | None,
) -> None:
    """Add a clinic, and print its id.

    Like `cairn staff`, it asks the goals service at CAIRN_GOALS_URL: beside `cairn up`, its own.
    """
    if sender is None and len(name) > LONGEST_SENDER:
        raise click.UsageError(
            f"The name is longer than {LONGEST_SENDER} characters: "
            "say with --sender what messages are signed by."
        )
    body = {
        "name": name,
        "sender": sender or name,
        "phone": phone,
        "country": country,
        "locale": locale,
        "time_zone": time_zone,
    }
    if cover_email is not None:
        body["cover_email"] = cover_email
    made = uuid4()
    put(f"{settings.require('goals_url')}/v1/clinics/{made}", _as_operator(settings), body)
    click.echo(made)


@click.group()
def staff() -> None:
    """Who works in a clinic."""


@staff.command("add")
@click.option("--clinic", required=True, type=click.UUID, help="The id that `cairn clinic add` printed.")
@click.option("--name", required=True, help="As colleagues and clients know them.")
@click.option("--email", required=True, help="What they sign in with; digests and flags go there.")
@click.option(
    "--role",
    required=True,
    type=click.Choice(["therapist", "lead", "operator"]),
    help="A lead sets the clinic and its teams, and decides on erasures; an operator sees no client.",
)
@click.pass_obj
def add_staff(settings: Settings, clinic: UUID, name: str, email: str, role: str) -> None:
    """Add somebody to a clinic's staff, and print their id.

    The id is what names them in a token's --sub.
    """
    made = uuid4()
    place = f"{settings.require('goals_url')}/v1/clinics/{clinic}/staff/{made}"
    put(place, _as_operator(settings), {"name": name, "email": email, "role": role})
    click.echo(made)


@staff.command("invite")
@click.option("--clinic", required=True, type=click.UUID, help="The id that `cairn clinic add` printed.")
@click.option("--staff", required=True, type=click.UUID, help="The id that `cairn staff add` printed.")
@click.pass_obj
def invite_staff(settings: Settings, clinic: UUID, staff: UUID) -> None:
    """Print a link by which somebody chooses a password.

    To sign in to the room with. It holds once, and within three days.
    """
    from services.goals.rules.refusal import NotThere  # noqa: PLC0415  only this command needs the pages
    from services.goals.web.inviting import link_for  # noqa: PLC0415

    try:
        click.echo(link_for(settings, clinic, staff))
    except NotThere:
        raise click.UsageError("Nobody of that id is on the staff of that clinic.") from None


def _as_operator(settings: Settings) -> str:
    key = settings.require("token_key")
    return tokens.mint(key, sub="cairn", role="operator", lifetime=DAY, now=datetime.now(UTC))
