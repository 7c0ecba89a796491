"""The channel sms, by Twilio: the only place that knows its SDK, its codes and its signatures."""

from __future__ import annotations

import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import Any
from urllib.parse import urlsplit, urlunsplit
from uuid import UUID

import requests
from requests.adapters import HTTPAdapter
from twilio.base.exceptions import (  # type: ignore[import-untyped]
    TwilioException,
    TwilioRestException,
    TwilioServiceException,
)
from twilio.http.http_client import TwilioHttpClient  # type: ignore[import-untyped]
from twilio.request_validator import RequestValidator  # type: ignore[import-untyped]
from twilio.rest import Client  # type: ignore[import-untyped]
from urllib3.exceptions import NewConnectionError, SSLError

from services.reminders.channels import BUSY, OPTED_OUT, Answer, Confirmed, Heard, Letter

CONNECT_SECONDS = 3.0
ANSWER_SECONDS = 10.0
CONNECTIONS = 64
LONGEST_WAIT = timedelta(hours=1)
LONGEST_VALIDITY = timedelta(hours=10)
"""The most that the provider takes."""

REFUSED = {
    21211: "no_such_number",
    21408: "country_not_enabled",
    21610: OPTED_OUT,
    21612: "no_way_to_number",
    21614: "not_a_mobile",
}
"""Refusals at the door."""
FULL = frozenset({14107, 21611})
"""Refusals that are over once the sender's queue is shorter."""
UNDELIVERED = {
    21610: OPTED_OUT,
    30003: "unreachable",
    30004: "blocked",
    30005: "no_such_number",
    30006: "not_a_mobile",
    30007: "filtered_by_carrier",
    30034: "sender_not_registered",
    30036: "too_late",
}
"""What the provider finds out after it has accepted a message."""


CONFIRMED: dict[str, Confirmed] = {"STOP": "opt_out", "START": "opt_in", "HELP": "help"}
"""What the provider has answered itself, where the account lets it."""
LONGEST_ID, LONGEST_TEXT = 100, 1600


class ProviderAway(Exception):
    """The provider could not be asked; the text is the kind of trouble, without number or words."""


@dataclass(frozen=True)
class Known:
    """A message as the provider has it."""

    provider_id: str
    to: str
    text: str
    """Empty once it is redacted."""
    accepted_at: datetime
    answer: Answer | None
    """What became of it so far; None where the provider says something that we do not know."""


@dataclass(frozen=True)
class Told:
    """What a callback says; (provider_id, status) is told once, or is the same again."""

    provider_id: str
    status: str
    to: str
    answer: Answer | None


class Twilio:
    """One account's messaging service. Safe to share among threads."""

    def __init__(
        self,
        *,
        account_sid: str,
        auth_token: str,
        messaging_service_sid: str,
        public_url: str,
        api_url: str | None = None,
        answer_seconds: float = ANSWER_SECONDS,
    ) -> None:
        self._http = _Http(api_url, answer_seconds)
        self._messages = Client(account_sid, auth_token, http_client=self._http).messages
        self._service = messaging_service_sid
        self._public_url = public_url

    def send(self, letter: Letter) -> Answer:
        """Hands the letter over, once. What may have been accepted is ambiguous."""
        named: dict[str, Any] = {}
        if letter.valid_for is not None:
            valid_for = min(max(letter.valid_for, timedelta(seconds=1)), LONGEST_VALIDITY)
            named["validity_period"] = int(valid_for.total_seconds())
        try:
            accepted = self._messages.create(
                to=letter.to,
                body=letter.text,
                messaging_service_sid=self._service,
                status_callback=callback_url(self._public_url, letter.message_id),
                **named,
            )
        except _Busy as busy:
            return Answer("retry", BUSY, after=busy.after)
        except (TwilioRestException, TwilioServiceException) as refusal:
            return _refused(refusal.status, refusal.code)
        except requests.RequestException as error:
            return _broken(error)
        except ValueError:
            return Answer("ambiguous", "unreadable_answer")
        return _accepted(accepted)

    def fetch(self, provider_id: str) -> Known | None:
        """The message of this id as the provider has it now; None where it has none. Raises ProviderAway."""
        try:
            return _known(self._messages(provider_id).fetch())
        except TwilioRestException as refusal:
            if refusal.status == 404:
                return None
            raise ProviderAway(f"HTTP {refusal.status}") from None
        except (TwilioException, requests.RequestException, ValueError) as error:
            raise ProviderAway(type(error).__name__) from None

    def sent_to(self, number: str, since: datetime, *, most: int = 200) -> list[Known]:
        """What our service has been given for a number since then, newest first. Raises ProviderAway.

        That a message is not among them proves nothing: the list may lag.
        """
        try:
            # Its own filter by time leaves out what it has not sent yet.
            listed = islice(self._messages.stream(to=number, page_size=50), most)
            found = [_known(one) for one in listed if one.messaging_service_sid == self._service]
        except (TwilioException, requests.RequestException, ValueError) as error:
            raise ProviderAway(type(error).__name__) from None
        return [one for one in found if one.accepted_at >= since]

    def redact(self, provider_id: str) -> bool:
        """Empties the message's body at the provider; False where that must be tried again later."""
        try:
            self._messages(provider_id).update(body="")
        except TwilioRestException as refusal:
            return bool(refusal.status == 404)
        except (TwilioException, requests.RequestException, ValueError):
            return False
        return True

    def close(self) -> None:
        """Lets go of its connections."""
        self._http.session.close()


def callback_url(public_url: str, message_id: UUID) -> str:
    """Where the provider tells of a message; the address says which, before we know the provider's id."""
    return f"{public_url}/twilio/status?message={message_id}"


def is_genuine(auth_token: str, url: str, form: Mapping[str, str], signature: str) -> bool:
    """Whether the provider made this call, to this public URL (with its query) and with this form."""
    return bool(RequestValidator(auth_token).validate(url, form, signature))


def told(form: Mapping[str, str]) -> Told | None:
    """What a status callback says; None where it is none."""
    provider_id, status, code = form.get("MessageSid"), form.get("MessageStatus"), form.get("ErrorCode", "")
    if not provider_id or not status:
        return None
    number = int(code) if code.isascii() and code.isdigit() else None
    return Told(provider_id, status, form.get("To", ""), _became(provider_id, status, number))


def heard(form: Mapping[str, str]) -> Heard | None:
    """What a text says, and by whom; None where it is none. What pictures it holds is not looked at."""
    provider_id, number, text = form.get("MessageSid", ""), form.get("From", ""), form.get("Body", "")
    to, known = form.get("To", ""), CONFIRMED.get(form.get("OptOutType", "").upper())
    if not provider_id or not number or len(provider_id) > LONGEST_ID or len(number) > LONGEST_ID:
        return None
    return Heard(provider_id, number, to[:LONGEST_ID], text[:LONGEST_TEXT].replace("\0", ""), known)


class _Busy(TwilioException):  # type: ignore[misc]  # the SDK has no types
    """429: nothing was accepted, and the provider says when to come back."""

    def __init__(self, after: str | None) -> None:
        super().__init__("429")
        seconds = int(after[:9]) if after and after.isascii() and after.isdigit() else 0
        self.after = min(timedelta(seconds=seconds), LONGEST_WAIT) if seconds else None


class _Http(TwilioHttpClient):  # type: ignore[misc]
    """The SDK's client with timeouts, another host where there is a stand-in, and nothing logged."""

    def __init__(self, api_url: str | None, answer_seconds: float) -> None:
        super().__init__()
        self.timeout = (CONNECT_SECONDS, answer_seconds)
        self._api = urlsplit(api_url) if api_url else None
        # Never twice by itself: urllib3 would repeat what may have been accepted.
        self.session.mount("https://", HTTPAdapter(pool_maxsize=CONNECTIONS, max_retries=0))
        self.session.mount("http://", HTTPAdapter(pool_maxsize=CONNECTIONS, max_retries=0))
        self.session.trust_env = api_url is None  # a stand-in is not behind the proxy to the world

    def request(self, method: str, url: str, *args: Any, **named: Any) -> Any:
        """As the SDK does it, at the stand-in where there is one. Raises _Busy."""
        if self._api:
            url = urlunsplit(urlsplit(url)._replace(scheme=self._api.scheme, netloc=self._api.netloc))
        answer = super().request(method, url, *args, **named)
        if answer.status_code == 429:
            raise _Busy(answer.headers.get("Retry-After"))
        return answer

    def log_request(self, kwargs: dict[str, Any]) -> None:
        """Nothing: numbers stand in its queries."""

    def log_response(self, status_code: int, response: object) -> None:
        """Nothing."""


def _accepted(message: Any) -> Answer:
    if not message.sid:
        return Answer("ambiguous", "unreadable_answer")
    return _became(message.sid, message.status, message.error_code) or Answer("sent", None, message.sid)


def _refused(status: int, code: int | None) -> Answer:
    if status >= 500 or status < 400 or status == 408:
        return Answer("ambiguous", "provider_error")
    if code in FULL:
        return Answer("retry", BUSY)
    if status in {401, 403, 404}:
        # It does not take anything from us at all: someone must put the account or the settings right.
        return Answer("retry", "provider_refuses_us")
    return Answer("permanent", REFUSED.get(code or 0, f"refused_{code}"))


def _broken(error: requests.RequestException) -> Answer:
    reason = getattr(error.args[0] if error.args else None, "reason", None)
    untrusted = isinstance(reason, SSLError) and isinstance(reason.args[0], ssl.SSLCertVerificationError)
    never_reached = isinstance(error, requests.ConnectTimeout | requests.exceptions.ProxyError)
    if never_reached or untrusted or isinstance(reason, NewConnectionError):
        return Answer("retry", "unreachable_provider")
    return Answer("ambiguous", "timeout" if isinstance(error, requests.Timeout) else "connection_lost")


def _known(message: Any) -> Known:
    answer = _became(message.sid, message.status, message.error_code)
    return Known(message.sid, message.to or "", message.body or "", message.date_created, answer)


def _became(provider_id: str, status: str | None, code: int | None) -> Answer | None:
    match status:
        case "accepted" | "scheduled" | "queued" | "sending" | "sent":
            return Answer("sent", None, provider_id)
        case "delivered" | "read":
            return Answer("delivered", None, provider_id)
        case "undelivered" | "failed" | "canceled":
            cause = UNDELIVERED.get(code or 0, f"undelivered_{code}" if code else "undelivered")
            return Answer("permanent", cause, provider_id)
        case _:
            return None
