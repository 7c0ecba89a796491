"""The stand-in on a port of its own, spoken to by the provider's real SDK."""

from collections.abc import Iterator
from typing import Any

import pytest
from twilio.http.http_client import TwilioHttpClient  # type: ignore[import-untyped]
from twilio.rest import Client  # type: ignore[import-untyped]

from infra.standin.provider import Provider
from infra.standin.serving import running


class Elsewhere(TwilioHttpClient):  # type: ignore[misc]  # the SDK has no types
    """The SDK's own client, sent to another host."""

    def __init__(self, url: str, timeout: float) -> None:
        super().__init__(timeout=timeout)
        self.url = url
        self.session.trust_env = False

    def request(self, method: str, url: str, *args: Any, **named: Any) -> Any:
        return super().request(method, url.replace("https://api.twilio.com", self.url), *args, **named)

    def close(self) -> None:
        self.session.close()


@pytest.fixture
def provider() -> Provider:
    """The account, as it is without any script."""
    return Provider()


@pytest.fixture
def url(provider: Provider) -> Iterator[str]:
    """Where it is served."""
    with running(provider) as url:
        yield url


@pytest.fixture
def sdk(provider: Provider, url: str) -> Iterator[Any]:
    """The SDK, signed in; it waits a second for an answer."""
    http = Elsewhere(url, timeout=1.0)
    yield Client(provider.account, provider.token, http_client=http)
    http.close()
