"""Telling of each change of status: signed as the provider signs, and as late or as often as scripted."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from threading import Event, Lock
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

import requests

from infra.standin.accepted import Message
from infra.standin.script import Script

THREADS = 8
PATIENCE_SECONDS = 5


@dataclass(frozen=True)
class Told:
    """A callback that was made, and the HTTP status of its answer; None where there was none."""

    sid: str
    status: str
    answer: int | None


def signature(token: str, url: str, form: dict[str, str]) -> str:
    """What stands in X-Twilio-Signature: the URL and each field's name and value, in order of the names."""
    said = url + "".join(name + form[name] for name in sorted(form))
    return base64.b64encode(hmac.new(token.encode(), said.encode(), hashlib.sha1).digest()).decode()


@dataclass
class Callbacks:
    """Makes the callbacks of one account. `through` is where they really go: a proxy's way in."""

    account: str
    token: str = field(repr=False)
    through: str | None = None
    told: list[Told] = field(default_factory=list)
    _held: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    _lock: Lock = field(default_factory=Lock)
    _stop: Event = field(default_factory=Event)
    _pool: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(THREADS))

    def follow(self, script: Script, steps: Callable[[], list[Message]]) -> None:
        """Lets a message go its way: `steps` gives it as it is at each status, in order."""
        self._pool.submit(self._follow, script, steps)

    def let_go(self) -> int:
        """Makes the callbacks that were held; gives how many."""
        with self._lock:
            held, self._held = self._held, []
        for url, form in held:
            self._pool.submit(self._tell, url, form)
        return len(held)

    def forget(self) -> None:
        """As in the beginning."""
        with self._lock:
            self._held = []
            self.told = []

    def close(self) -> None:
        """Makes no more of them."""
        self._stop.set()
        self._pool.shutdown(cancel_futures=True)

    def _follow(self, script: Script, steps: Callable[[], list[Message]]) -> None:
        if self._stop.wait(script.callback_after):
            return
        calls = [
            (step.status_callback, self._form(step))
            for step in steps()
            if step.status_callback and script.callbacks != "none"
        ]
        match script.callbacks:
            case "held":
                with self._lock:
                    self._held += calls
                return
            case "reversed":
                calls.reverse()
            case "twice":
                calls = [call for call in calls for _ in range(2)]
            case "once" | "none":
                pass
        for url, form in calls:
            self._tell(url, form)

    def _form(self, message: Message) -> dict[str, str]:
        form = {
            "AccountSid": self.account,
            "ApiVersion": "2010-04-01",
            "From": message.sender or "",
            "MessageSid": message.sid,
            "MessageStatus": message.status,
            "SmsSid": message.sid,
            "SmsStatus": message.status,
            "To": message.to,
        }
        if message.service:
            form["MessagingServiceSid"] = message.service
        if message.error_code:
            form["ErrorCode"] = str(message.error_code)
        return form

    def bring(self, url: str, form: dict[str, str]) -> int | None:
        """Makes a call now, signed for `url`; the HTTP status of its answer, None where there was none."""
        headers = {
            "X-Twilio-Signature": signature(self.token, url, form),
            "I-Twilio-Idempotency-Token": str(uuid4()),
            "User-Agent": "TwilioProxy/1.1",
        }
        answer = None
        with requests.Session() as session, suppress(requests.RequestException):
            session.trust_env = False  # no proxy between this machine and itself
            answer = session.post(
                self._way(url), form, headers=headers, timeout=PATIENCE_SECONDS, allow_redirects=False
            ).status_code
        return answer

    def _tell(self, url: str, form: dict[str, str]) -> None:
        answer = self.bring(url, form)
        with self._lock:
            self.told.append(Told(form["MessageSid"], form["MessageStatus"], answer))

    def _way(self, url: str) -> str:
        if self.through is None:
            return url
        to = urlsplit(self.through)
        return urlunsplit(urlsplit(url)._replace(scheme=to.scheme, netloc=to.netloc))
