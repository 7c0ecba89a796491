"""How often one may try to sign in: so many times for an account and from an address, then one waits."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import Engine, text

from shared.vault import Vault

WINDOW = timedelta(minutes=15)
OF_AN_ACCOUNT, FROM_AN_ADDRESS = 10, 50
"""Tries within the window. A clinic has one address, and many who sign in on a Monday morning."""

_TRY = text("SELECT cairn.try_sign_in(:who, :most, :window)")
_WELL = text("SELECT cairn.signed_in(:who)")


class Tries:
    """The tries of an installation, counted in its database: another process is no way around."""

    def __init__(self, engine: Engine, vault: Vault) -> None:
        self._engine = engine
        self._vault = vault

    def wait(self, account: bytes, remote: str) -> int:
        """Counts a try; or, without counting it, how many seconds to wait for the next one."""
        values = {
            "who": [account, self._vault.digest("sign-in from", remote)],
            "most": [OF_AN_ACCOUNT, FROM_AN_ADDRESS],
            "window": WINDOW,
        }
        with self._engine.connect() as connection:
            return int(connection.execute(_TRY, values).scalar_one())

    def went_well(self, account: bytes) -> None:
        """Whoever got in was no stranger: her tries count no more."""
        with self._engine.connect() as connection:
            connection.execute(_WELL, {"who": account})
