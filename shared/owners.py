"""As whom a schema is changed: the owner's URLs, from what an operator says and what the service knows."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit, urlunsplit

import click

from shared import spelling

NEEDED = "a schema is changed by its owner: --as postgresql://OWNER:PASSWORD@HOST:PORT/DATABASE"
NOT_ALLOWED = "42501"
"""PostgreSQL's code for who may not do what is asked."""


def owner_url(option: str, given: str | None) -> str | None:
    """What an option says, as SQLAlchemy needs it. Raises BadParameter that names the option."""
    if given is None:
        return None
    try:
        return spelling.database_url(given)
    except spelling.Malformed as wrong:
        raise click.BadParameter(f"must be {wrong}", param_hint=option) from None


def beside(owner: str | None, known: str | None, name: str) -> str | None:
    """The vault's database for the owner of the one beside it: the same server and user.

    The database is the one that `known`, the service's own URL of its vault, names; else `name`.
    None without an owner.
    """
    if owner is None:
        return None
    database = urlsplit(known).path if known else f"/{name}"
    return urlunsplit(urlsplit(owner)._replace(path=database))


def of_service(owner: str | None, known: str | None) -> str | None:
    """The owner's URL, in the database that the service's own URL names where that is known.

    So a superuser's URL of another database does not make the schema there.
    """
    if owner is None or known is None:
        return owner
    return urlunsplit(urlsplit(owner)._replace(path=urlsplit(known).path))


@contextmanager
def owners_needed() -> Iterator[None]:
    """Turns a refusal that only an owner overcomes into one line, which says how to be one."""
    from sqlalchemy.exc import DBAPIError  # noqa: PLC0415  an option's check needs no database

    try:
        yield
    except DBAPIError as error:
        said = (str(error.orig).strip() or "refused").splitlines()[0]
        refused = getattr(error.orig, "sqlstate", None) == NOT_ALLOWED or "permission denied" in said
        if not refused:
            raise
        raise click.ClickException(f"{said}; {NEEDED}, and --vault-as where the vault has another") from None
