"""The four databases, who owns each and who serves from it: their roles, passwords and schemas."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from infra.local.logins import DATABASES, LOGINS

ROLES = Path(__file__).parent.parent / "postgres" / "roles.sql"


@dataclass(frozen=True)
class Places:
    """SQLAlchemy URLs of the four databases, as one kind of role sees them."""

    goals: str
    vault: str
    reminders: str
    reminders_vault: str


def make_roles(admin_url: str, passwords: Mapping[str, str]) -> None:
    """Make every role that is missing and give each of LOGINS its password from `passwords`."""
    with psycopg.connect(plain(admin_url), autocommit=True) as admin:
        admin.execute(ROLES.read_bytes())
        for role in LOGINS:
            # Hashed here, so that no password crosses the wire or reaches the server's log.
            hashed = admin.pgconn.encrypt_password(
                passwords[role].encode(), role.encode(), b"scram-sha-256"
            ).decode()
            admin.execute(
                sql.SQL("ALTER ROLE {} PASSWORD {}").format(sql.Identifier(role), sql.Literal(hashed))
            )


def make_databases(admin_url: str) -> None:
    """Make every database that is missing, open to its own two roles alone."""
    with psycopg.connect(plain(admin_url), autocommit=True) as admin:
        there = {row[0] for row in admin.execute("SELECT datname FROM pg_database")}
        for name in DATABASES:
            if name not in there:
                make_database(admin, name, name)


def make_database(admin: psycopg.Connection, name: str, kind: str, template: str | None = None) -> None:
    """Make one database of a `kind` (one of DATABASES), empty or as a copy of a template."""
    make = sql.SQL("CREATE DATABASE {} OWNER {}").format(
        sql.Identifier(name), sql.Identifier(f"{kind}_owner")
    )
    if template is not None:
        make += sql.SQL(" TEMPLATE {} STRATEGY FILE_COPY").format(sql.Identifier(template))
    admin.execute(make)
    shut = sql.SQL("REVOKE CONNECT, TEMPORARY ON DATABASE {} FROM PUBLIC").format(sql.Identifier(name))
    admin.execute(shut)
    admin.execute(
        sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(sql.Identifier(name), sql.Identifier(kind))
    )


def migrate(owners: Places) -> None:
    """Bring all four schemas up to date, as their owners; nothing changes when they are."""
    # Here, for making databases must not need either service to be importable.
    from services.goals import schema as goals  # noqa: PLC0415
    from services.reminders import schema as reminders  # noqa: PLC0415

    goals.migrate(owners.goals, owners.vault)
    reminders.migrate(owners.reminders, owners.reminders_vault)


def places(admin_url: str, passwords: Mapping[str, str], *, owners: bool = False) -> Places:
    """Where the four databases are, for the services' roles or for the owners'."""
    known = conninfo_to_dict(plain(admin_url))
    urls = []
    for name in DATABASES:
        role = f"{name}_owner" if owners else name
        urls.append(f"postgresql+psycopg://{role}:{passwords[role]}@{known['host']}:{known['port']}/{name}")
    return Places(*urls)


def plain(url: str) -> str:
    """A SQLAlchemy URL as libpq reads it."""
    return make_conninfo(url.replace("postgresql+psycopg://", "postgresql://", 1))
