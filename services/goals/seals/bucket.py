"""Seals in a bucket of an object store that speaks S3; the only place that knows the library for it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

from obstore.exceptions import AlreadyExistsError, BaseError
from obstore.store import S3Store

from services.goals.seals.place import PlaceAway

if TYPE_CHECKING:
    from obstore.store import S3Credential

CONNECT, ANSWER = timedelta(seconds=3), timedelta(seconds=10)
"""How long the store may take to be reached, and for a whole answer."""
RETRIES, PATIENCE = 2, timedelta(seconds=15)
"""How often one request is sent again where that is harmless, and until when after it was first sent."""
AT_ONCE = 32
"""Seals that are fetched at once where many are read: each is a round trip to somewhere else."""

_CODE = re.compile(r"<Code>([A-Za-z]{1,60})</Code>")
_STATUS = re.compile(r"status code: ([0-9]{3})")
_ELSEWHERE = "the bucket is in another region"
_WHY = {
    "NoSuchBucket": "there is no such bucket",
    "InvalidAccessKeyId": "it does not know the access key",
    "SignatureDoesNotMatch": "the secret key is not the access key's",
    "AccessDenied": "the access key may not do that there (it lists, reads and puts, and nothing else)",
    "RequestTimeTooSkewed": "the clock of this machine is off",
    "AuthorizationHeaderMalformed": _ELSEWHERE,
    "IllegalLocationConstraintException": _ELSEWHERE,
}
"""What a store's own error codes come to; its sentences are not repeated."""


class Bucketed(NamedTuple):
    """Where a bucket is and how one gets in; shows itself without its keys."""

    bucket: str
    prefix: str
    endpoint: str
    region: str
    access_key: str
    secret_key: str

    def __repr__(self) -> str:
        return f"s3://{self.bucket}/{self.prefix} at {urlsplit(self.endpoint).netloc.rpartition('@')[2]}"


class Bucket:
    """What lies in a bucket under a prefix. Nothing is connected before it is first needed."""

    def __init__(self, where: Bucketed) -> None:
        self._where = where
        self._store = S3Store(
            where.bucket,
            prefix=where.prefix or None,
            config={
                "region": where.region,
                "endpoint": where.endpoint,
                "aws_endpoint_url_s3": where.endpoint,  # or the environment's would win
                "checksum_algorithm": "SHA256",  # a bucket with Object Lock takes nothing without
                "conditional_put": "etag",
                "skip_signature": False,
            },
            client_options={
                "allow_http": where.endpoint.startswith("http://"),
                "connect_timeout": CONNECT,
                "timeout": ANSWER,
            },
            retry_config={"max_retries": RETRIES, "retry_timeout": PATIENCE},
            credential_provider=self._keys,
        )

    def names(self, after: str = "") -> list[str]:
        """The names of the objects right under the prefix."""
        with self._told():
            found = [item["path"] for page in self._store.list(offset=after or None) for item in page]
        return sorted(name for name in found if "/" not in name)

    def read(self, name: str) -> bytes:
        """The content of an object."""
        with self._told():
            return bytes(self._store.get(name).bytes())

    def read_each(self, names: Sequence[str]) -> Iterator[bytes]:
        """The contents of some objects, many at once."""
        if len(names) < 2:
            yield from map(self.read, names)
            return
        with ThreadPoolExecutor(AT_ONCE) as pool:
            for first in range(0, len(names), AT_ONCE):
                yield from pool.map(self.read, names[first : first + AT_ONCE])

    def keep(self, name: str, content: bytes) -> bool:
        """Puts it on the condition that there is none, and sees that the store minds the condition.

        Some stores do not, and would write over what is there. So one looks first, and puts the same again,
        which has to be refused.
        """
        if self._has(name):
            return False
        if not self._put(name, content):
            if not self._has(name):
                raise self._away("somebody else is writing there just now")
            return False
        if self._put(name, content):
            raise self._away("it does not mind If-None-Match, so that a seal could be written over")
        return True

    def _keys(self) -> S3Credential:
        """These alone: without `token`, one of the environment's would be sent along."""
        where = self._where
        return {
            "access_key_id": where.access_key,
            "secret_access_key": where.secret_key,
            "token": None,
            "expires_at": None,
        }

    def _put(self, name: str, content: bytes) -> bool:
        with self._told():
            try:
                self._store.put(name, content, mode="create", use_multipart=False)
            except AlreadyExistsError:
                return False
        return True

    def _has(self, name: str) -> bool:
        try:
            self.read(name)
        except FileNotFoundError:
            return False
        return True

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except FileNotFoundError as error:
            if _code(error) in _WHY:
                raise self._away(_WHY[_code(error)]) from None
            raise FileNotFoundError("there is no such object") from None
        except BaseError as error:
            raise self._away(_why(error)) from None

    def _away(self, why: str) -> PlaceAway:
        return PlaceAway(f"{self._where!r}: {why}")


def _why(error: BaseError) -> str:
    """In our words: the library's hold addresses, and what the store answered."""
    if "redirect without LOCATION" in str(error):
        return _ELSEWHERE  # a redirect's body is not read, so that there is no code
    code = _code(error)
    if code in _WHY:
        return _WHY[code]
    status = _STATUS.search(str(error))
    return f"it answers {status[1]} {code}".strip() if status else "it cannot be reached"


def _code(error: Exception) -> str:
    found = _CODE.search(str(error))
    return found[1] if found else ""
