"""What servers of one's own need once: the roles with their passwords, and the four databases."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping

from infra.local.databases import make_databases, make_roles
from infra.local.logins import LOGINS
from shared.settings import SettingsError
from shared.spelling import Malformed, database_url

ADMIN = "CAIRN_ADMIN_DATABASE_URL"


def prepare(environ: Mapping[str, str]) -> None:
    """Make what is missing, and set every password as it is given; again changes nothing.

    Reads the superuser's URL, and for each role of LOGINS the variable of its name with _PASSWORD.
    Raises SettingsError.
    """
    variables = {role: f"{role.upper()}_PASSWORD" for role in LOGINS}
    for variable in (ADMIN, *variables.values()):
        if not environ.get(variable):
            raise SettingsError(f"{variable} is not set")
    try:
        admin = database_url(environ[ADMIN])
    except Malformed as wrong:
        raise SettingsError(f"{ADMIN} must be {wrong}") from None
    make_roles(admin, {role: environ[variable] for role, variable in variables.items()})
    make_databases(admin)


if __name__ == "__main__":
    try:
        prepare(os.environ)
    except SettingsError as wrong:
        print(f"prepare: {wrong}", file=sys.stderr)  # noqa: T201
        sys.exit(2)
