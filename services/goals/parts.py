"""What a process of this house that serves nobody is made of, and the loops that it may run."""

# ruff: noqa: PLC0415  each part is imported where it is made: a process starts without the others

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from services.goals import schema
from shared.database import engine
from shared.loops import Loop
from shared.settings import Settings

if TYPE_CHECKING:
    from services.goals.beats import House
    from services.goals.seals.place import Place
    from shared.tokens import Key

SEAL_EVERY = timedelta(hours=1)


@dataclass(frozen=True)
class Parts:
    """The parts, each made when it is first needed. Each raises SettingsError where a setting is missing."""

    settings: Settings
    _engines: list[Engine] = field(default_factory=list)
    _troubles: list[Callable[[], str | None]] = field(default_factory=list)

    @cached_property
    def log(self) -> Engine:
        """The database of the log, as the service's role."""
        # An engine takes the kinds of values that are known as it is made.
        from shared import arrays  # noqa: F401

        return self._engine_of(self.settings.require("goals_database_url"))

    @cached_property
    def keys(self) -> Engine:
        """The database of the vault."""
        return self._engine_of(self.settings.require("vault_database_url"))

    @cached_property
    def house(self) -> House:
        """The log and the vault."""
        from services.goals.beats import House
        from shared.vault import Vault

        return House(self.log, Vault(self.keys, self.settings.require("master_keys")))

    @cached_property
    def seals(self) -> Place:
        """Where seals are kept."""
        from services.goals.seals.kept_in import place_of

        return place_of(self.settings)

    @cached_property
    def seal_keys(self) -> tuple[Key, ...]:
        """What seals are signed with: the first signs, the others did before."""
        keys: tuple[Key, ...] = self.settings.require("seal_keys")
        return keys

    def erase(self, registry: CollectorRegistry) -> Loop:
        """Carries out erasures."""
        from services.goals.erasing.carry_out import erase_until

        return erase_until(self.house, timedelta(days=self.settings.erasure_wait_days), registry)

    def seal(self, registry: CollectorRegistry, every: timedelta = SEAL_EVERY) -> Loop:
        """Seals the log now and then."""
        from services.goals.seals.timer import Sealer

        sealer = Sealer(self.log, self.seals, self.seal_keys, every, registry)
        self._troubles.append(lambda: sealer.trouble)
        return sealer

    def show_in(self, registry: CollectorRegistry) -> None:
        """Shows what every process of this house has: its connections."""
        from shared.pools import Pools

        registry.register(Pools(self._engines))

    def unready(self) -> str | None:
        """Why the loops cannot do their work just now, in one line; None when they can."""
        try:
            return self._databases() or next((why for trouble in self._troubles if (why := trouble())), None)
        except SQLAlchemyError:
            return "A database of the goals service cannot be reached."

    def close(self) -> None:
        """Gives the connections back."""
        for made in self._engines:
            made.dispose()

    def _databases(self) -> str | None:
        if "house" not in vars(self):
            return schema.unready(self.log)
        return schema.unready(self.log, self.keys) or self.house.vault.foreign()

    def _engine_of(self, url: str) -> Engine:
        made = engine(url, pool_size=2, autocommit=True)
        self._engines.append(made)
        return made


@contextmanager
def parts_of(settings: Settings) -> Iterator[Parts]:
    """The parts while they are needed."""
    parts = Parts(settings)
    try:
        yield parts
    finally:
        parts.close()
