"""What a process of this house is made of: its databases, its keys, its bell, its channels."""

# ruff: noqa: PLC0415  each part is imported where it is made: a process starts without the others

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from typing import TYPE_CHECKING

from sqlalchemy import Engine

from services.reminders import bell
from services.reminders.channels import Send
from services.reminders.ringer import Ring, ringer
from shared.database import engine
from shared.events import Channel
from shared.settings import Settings, SettingsError

if TYPE_CHECKING:
    from services.reminders.bucket import Bucket
    from services.reminders.channels.local import Outbox
    from services.reminders.feed import Feed
    from shared.tokens import Key
    from shared.vault import Vault

LOCAL_PER_SECOND = 2_000
"""The outbox is a table: the figure bounds a mistake, not a provider's patience."""


@dataclass(frozen=True)
class Parts:
    """The parts, each made when it is first needed. Each raises SettingsError where a setting is missing."""

    settings: Settings
    pool: int = 8
    _engines: list[Engine] = field(default_factory=list)

    @cached_property
    def engine(self) -> Engine:
        """The reminder database, as the service's role."""
        return self._engine_of(self.settings.require("reminders_database_url"))

    @cached_property
    def vault(self) -> Vault:
        """The keys of this house, in their own database."""
        from shared.vault import Vault

        url, master_key = self.settings.require("reminders_vault_database_url", "master_key")
        return Vault(self._engine_of(url), master_key)

    @cached_property
    def broker(self) -> bell.Bell:
        """The bell."""
        return bell.connect(self.settings.require("broker_url"))

    @cached_property
    def ring(self) -> Ring:
        """Rings after a commit."""
        return ringer(self.engine, self.broker)

    @cached_property
    def token_key(self) -> Key:
        """What tokens are signed with, in both houses."""
        key: Key = self.settings.require("token_key")
        return key

    @cached_property
    def feed(self) -> Feed:
        """The other house's feed, read with tokens that we mint ourselves."""
        from services.reminders.feed import TOKEN_LIFE, Feed
        from shared import tokens

        url, key = self.settings.require("goals_url", "token_key")

        def token() -> str:
            return tokens.mint(key, sub="reminders", role="service", lifetime=TOKEN_LIFE, now=clock())

        return Feed(url, token)

    @cached_property
    def outbox(self) -> Outbox:
        """What the local channels have sent."""
        from services.reminders.channels.local import Outbox

        return Outbox(self.engine, self.vault)

    def close(self) -> None:
        """Lets go of every connection."""
        for made in self._engines:
            made.dispose()
        if "broker" in vars(self):
            self.broker.client.close()

    def channels(self) -> Mapping[Channel, Send]:
        """The way that each channel goes."""
        if not all_local(self.settings):
            raise SettingsError(
                "only the local channels are built in so far: unset TWILIO_ACCOUNT_SID and CAIRN_SMTP_URL"
            )
        return dict.fromkeys(bell.CHANNELS, self.outbox.send)

    def buckets(self) -> Mapping[Channel, Bucket]:
        """The tokens of each channel's sender."""
        from services.reminders.bucket import Bucket

        return {channel: Bucket(self.broker.client, channel, LOCAL_PER_SECOND) for channel in bell.CHANNELS}

    def _engine_of(self, url: str) -> Engine:
        made = engine(url, pool_size=self.pool)
        self._engines.append(made)
        return made


def clock() -> datetime:
    """Now, in UTC."""
    return datetime.now(UTC)


def has_local(settings: Settings) -> bool:
    """Whether some channel stays on this machine, and so shows in the outbox."""
    return settings.twilio_account_sid is None or settings.smtp_url is None


def all_local(settings: Settings) -> bool:
    """Whether no channel leaves this machine."""
    return settings.twilio_account_sid is None and settings.smtp_url is None
