"""A reminder service whose channels lead to stand-ins and real peers on this machine."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from infra.standin.provider import Provider
from infra.standin.serving import running
from services.reminders.channels import Letter
from services.reminders.channels.sms import Twilio
from shared.settings import Settings
from tests.reminders.house import NUMBER

PUBLIC = "https://reminders.example.org"
MESSAGE = UUID("00000000-0000-4000-8000-0000000000e9")
AN_SMS = Letter(
    message_id=MESSAGE,
    record_id=UUID("00000000-0000-4000-8000-0000000000b1"),
    channel="sms",
    to=NUMBER,
    text="Northside: that counts, and it is saved.",
    subject=None,
    html=None,
    zone="America/New_York",
    at=datetime(2026, 3, 2, 15, 0, tzinfo=UTC),
    valid_for=timedelta(hours=2),
    sender="Northside",
)


@pytest.fixture
def provider() -> Provider:
    """The stand-in's account. Nobody listens to its callbacks."""
    return Provider(through="http://127.0.0.1:9")


@pytest.fixture
def provider_url(provider: Provider) -> Iterator[str]:
    """Where it is served."""
    with running(provider) as url:
        yield url


@pytest.fixture
def twilio(provider: Provider, provider_url: str) -> Iterator[Twilio]:
    """The channel, which waits half a second for an answer."""
    channel = Twilio(
        account_sid=provider.account,
        auth_token=provider.token,
        messaging_service_sid=provider.service,
        public_url=PUBLIC,
        api_url=provider_url,
        answer_seconds=0.5,
    )
    yield channel
    channel.close()


@pytest.fixture
def by_twilio(provider: Provider, provider_url: str) -> Settings:
    """The settings that the stand-in prints, as a service reads them."""
    return Settings.read(provider.environment(provider_url) | {"CAIRN_REMINDERS_PUBLIC_URL": PUBLIC})
