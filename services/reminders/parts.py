"""What a process of this house is made of: its databases, its keys, its bell, its channels."""

# ruff: noqa: PLC0415  each part is imported where it is made: a process starts without the others

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import Engine

from services.reminders import bell
from services.reminders.channels import Send
from services.reminders.ringer import Ring, ringer
from services.reminders.tenancy import ROLE, Door
from shared.database import engine
from shared.events import Channel
from shared.settings import Settings

if TYPE_CHECKING:
    from prometheus_client import CollectorRegistry

    from services.reminders.channels.email import Smtp
    from services.reminders.channels.local import Outbox
    from services.reminders.channels.sms import Twilio
    from services.reminders.following.feed import Feed
    from services.reminders.links import Links
    from services.reminders.sending.bucket import Bucket
    from shared.goals_client import Goals
    from shared.masters import Masters
    from shared.tokens import Keys
    from shared.vault import Vault

TOKEN_LIFE = timedelta(minutes=5)
LOCAL_PER_SECOND = 2_000
"""The outbox and a stand-in take what they get: the figure bounds a mistake, not a provider's patience."""
TWILIO_PER_SECOND = 100
"""Its own queue, of as many as it may send a second, must not grow longer than a nudge is worth."""
SMTP_PER_SECOND = 50
"""More, and a mail server takes us for a flood."""


@dataclass(frozen=True)
class Parts:
    """The parts, each made when it is first needed. Each raises SettingsError where a setting is missing."""

    settings: Settings
    pool: int = 8
    _engines: list[Engine] = field(default_factory=list)

    @cached_property
    def engine(self) -> Engine:
        """The reminder database, as the service's role."""
        # An engine takes the kinds of values that are known as it is made.
        from services.reminders.ledger import columns  # noqa: F401

        return self._engine_of(self.settings.require("reminders_database_url"))

    @cached_property
    def door(self) -> Door:
        """The reminder database as callers see it, clinic by clinic."""
        return Door(self.engine, self._engine_of(self.settings.require("reminders_database_url"), ROLE))

    @cached_property
    def keys(self) -> Engine:
        """The database of the vault."""
        return self._engine_of(self.settings.require("reminders_vault_database_url"))

    @cached_property
    def masters(self) -> Masters:
        """What wraps the keys."""
        known: Masters = self.settings.require("master_keys")
        return known

    @cached_property
    def vault(self) -> Vault:
        """The keys of this house, in their own database."""
        from shared.vault import Vault

        return Vault(self.keys, self.masters)

    @cached_property
    def broker(self) -> bell.Bell:
        """The bell."""
        return bell.connect(self.settings.require("broker_url"))

    @cached_property
    def ring(self) -> Ring:
        """Rings after a commit."""
        return ringer(self.engine, self.broker)

    @cached_property
    def token_keys(self) -> Keys:
        """Whose tokens are taken, in both houses."""
        keys: Keys = self.settings.require("token_keys")
        return keys

    @cached_property
    def goals(self) -> Goals:
        """The other house, called with tokens that we mint ourselves: our own, and hers for what she does."""
        from shared import tokens
        from shared.goals_client import Goals

        url, key = self.settings.require("goals_url", "token_key")

        def token(clinic_id: UUID | None, client_id: UUID | None) -> str:
            sub, role = ("reminders", "service") if client_id is None else (str(client_id), "client")
            return tokens.mint(
                key,
                sub=sub,
                role=role,
                clinic=clinic_id,
                client=client_id,
                lifetime=TOKEN_LIFE,
                now=clock(),
            )

        return Goals(url, token)

    @cached_property
    def feed(self) -> Feed:
        """The other house's feed."""
        from services.reminders.following.feed import Feed

        return Feed(self.goals)

    @cached_property
    def outbox(self) -> Outbox:
        """What the local channels have sent."""
        from services.reminders.channels.local import Outbox

        return Outbox(self.engine, self.vault)

    @cached_property
    def smtp(self) -> Smtp:
        """The mail server."""
        from services.reminders.channels.email import Smtp

        return Smtp(*self.settings.require("smtp_url", "email_from"))

    @cached_property
    def twilio(self) -> Twilio:
        """The provider of sms."""
        from services.reminders.channels.sms import Twilio

        account, token, service, public_url = self.settings.require(
            "twilio_account_sid", "twilio_auth_token", "twilio_messaging_service_sid", "reminders_public_url"
        )
        return Twilio(
            account_sid=account,
            auth_token=token,
            messaging_service_sid=service,
            public_url=public_url,
            api_url=self.settings.twilio_api_url,
        )

    @cached_property
    def provider(self) -> Twilio | None:
        """Whom to ask what became of an SMS; None where none leaves this machine."""
        return self.twilio if self.settings.twilio_account_sid is not None else None

    @cached_property
    def links(self) -> Links:
        """The links that act without a sign-in; without a public address they can be read, and not made."""
        from services.reminders.links import Links

        if self.settings.smtp_url is not None:
            self.settings.require("reminders_public_url")  # every e-mail must say how it is ended
        return Links(self.vault.own, self.settings.reminders_public_url)

    def show_in(self, registry: CollectorRegistry) -> None:
        """Shows what every process of this house has: its connections, and what its transactions come to."""
        from services.reminders.ledger.tally import count_commits
        from shared.pools import Pools

        count_commits(self.engine, registry)
        registry.register(Pools(self._engines))

    def close(self) -> None:
        """Lets go of every connection."""
        for made in self._engines:
            made.dispose()
        if "broker" in vars(self):
            self.broker.client.close()
        if "twilio" in vars(self):
            self.twilio.close()
        if "goals" in vars(self):
            self.goals.close()

    def channels(self) -> Mapping[Channel, Send]:
        """The way that each channel goes."""
        by_twilio = self.settings.twilio_account_sid is not None
        by_smtp = self.settings.smtp_url is not None
        return {
            "sms": self.twilio.send if by_twilio else self.outbox.send,
            "email": self.smtp.send if by_smtp else self.outbox.send,
        }

    def buckets(self) -> Mapping[Channel, Bucket]:
        """The tokens of each channel's sender."""
        from services.reminders.sending.bucket import Bucket

        by_twilio = self.settings.twilio_account_sid is not None and self.settings.twilio_api_url is None
        per_second: dict[Channel, int] = {
            "sms": TWILIO_PER_SECOND if by_twilio else LOCAL_PER_SECOND,
            "email": LOCAL_PER_SECOND if self.settings.smtp_url is None else SMTP_PER_SECOND,
        }
        return {
            channel: Bucket(self.broker.client, channel, per_second[channel]) for channel in bell.CHANNELS
        }

    def _engine_of(self, url: str, role: str | None = None) -> Engine:
        made = engine(url, pool_size=self.pool, role=role)
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
