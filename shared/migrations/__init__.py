"""How a database comes to be what the code expects: Alembic's steps, run by the database's owner."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, create_engine, text

VAULT = Path(__file__).parent / "vault"
"""The steps of a vault, the same for both houses."""

_ONE_AT_A_TIME = text("SELECT pg_advisory_lock(hashtext('cairn migrations'))")
_TO_OWNER = text(
    "SELECT set_config('role', pg_get_userbyid(datdba), false) FROM pg_database"
    " WHERE datname = current_database() AND pg_get_userbyid(datdba) <> current_user"
)


def upgrade(url: str, scripts: Path, to: str = "head") -> None:
    """Runs the steps that the database has not seen yet, up to one of them; again changes nothing.

    `url` is the owner's, or that of somebody who may take the owner's role.
    """
    # Here, for only who migrates should pay for it: every process that serves starts faster without it.
    from alembic import command  # noqa: PLC0415
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(scripts).replace("%", "%%"))
    engine = create_engine(url, hide_parameters=True)
    try:
        with engine.connect() as connection:
            connection.execute(_ONE_AT_A_TIME)
            connection.execute(_TO_OWNER)
            connection.commit()
            config.attributes["connection"] = connection
            command.upgrade(config, to)
    finally:
        engine.dispose()


def run_sql(connection: Connection, file: Path) -> None:
    """Runs a file of statements as it stands: a colon or a per cent sign in it means only itself."""
    driver = connection.connection.driver_connection
    assert driver is not None
    driver.execute(file.read_bytes())
