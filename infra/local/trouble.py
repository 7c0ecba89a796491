"""What can keep this machine from running Cairn, in one line for the person at the terminal."""

import sys

SERVERS = {
    "sqlalchemy.exc": ("SQLAlchemyError", "The database"),
    "psycopg": ("Error", "The database"),
    "alembic.util.exc": ("CommandError", "The database"),
    "redis.exceptions": ("RedisError", "Valkey"),
}
"""The errors of the servers we need, by module; one that was never imported has raised nothing."""


class LocalError(Exception):
    """Something on this machine stands in the way; the text is one line that says what to do."""

    exit_code = 1


class CannotStart(LocalError):
    """It stood in the way before anything ran."""

    exit_code = 2


def server_trouble(error: Exception) -> str | None:
    """What a database or Valkey said no to, as one line; None for an error that is not theirs."""
    for module, (name, server) in SERVERS.items():
        if module in sys.modules and isinstance(error, getattr(sys.modules[module], name)):
            # Only the first line: those that follow may quote a row.
            said = str(getattr(error, "orig", None) or error).strip().splitlines() or [type(error).__name__]
            return f"{server} does not serve this: {said[0]}"
    return None
