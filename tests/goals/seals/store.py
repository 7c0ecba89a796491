"""An object store that speaks as much S3 as a place for seals needs, and believes no signature unchecked."""

from __future__ import annotations

import hmac
import re
import time
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, quote, unquote, urlsplit
from xml.sax.saxutils import escape

from services.goals.seals.bucket import Bucketed

REGION, ACCESS_KEY, SECRET_KEY = "eu-central-1", "AKTHEONE", "not/known+to/anybody"
PAGE = 3
"""Names in one page of a list; a real store has a thousand."""
_SIGNED = re.compile(r"AWS4-HMAC-SHA256 Credential=([^/]+)/([^,]+), ?SignedHeaders=([^,]+), ?Signature=(\w+)")


class Refusal(NamedTuple):
    """How the store says no."""

    status: int
    code: str


BUSY, LATER = Refusal(503, "SlowDown"), Refusal(409, "ConditionalRequestConflict")


@dataclass
class Store:
    """What it holds, by bucket and key, and what is wrong with it. `locked` buckets have Object Lock."""

    buckets: dict[str, dict[str, bytes]] = field(default_factory=lambda: {"kept": {}, "locked": {}})
    locked: frozenset[str] = frozenset({"locked"})
    minds_conditions: bool = True
    refusals: list[Refusal] = field(default_factory=list)
    """What the next requests are answered with, whatever they are."""
    silent_seconds: float = 0
    loses_answers: bool = False
    """Whether it does what it is asked, and hangs up."""
    asked: list[str] = field(default_factory=list)
    lock: Lock = field(default_factory=Lock)


class Request(NamedTuple):
    """One, as it came."""

    method: str
    path: str
    query: list[tuple[str, str]]
    headers: dict[str, str]
    body: bytes


def answered(store: Store, request: Request) -> tuple[int, bytes]:
    """The status and the body."""
    refusal = _refused(store, request)
    if refusal:
        return refusal.status, _xml("Error", f"<Code>{refusal.code}</Code><Message>of the store</Message>")
    bucket, _, key = request.path.removeprefix("/").partition("/")
    objects = store.buckets[bucket]
    if request.method == "PUT":
        objects[key] = request.body
        return 200, b""
    return (200, objects[key]) if key else (200, _listed(objects, dict(request.query)))


def _refused(store: Store, request: Request) -> Refusal | None:
    bucket, _, key = request.path.removeprefix("/").partition("/")
    if (wrong := _unsigned(request)) or store.refusals:
        return wrong or store.refusals.pop(0)
    if bucket not in store.buckets:
        return Refusal(404, "NoSuchBucket")
    if request.method == "PUT":
        checksum = b64encode(sha256(request.body).digest()).decode()
        if bucket in store.locked and request.headers.get("x-amz-checksum-sha256") != checksum:
            return Refusal(400, "InvalidRequest")
        is_new = request.headers.get("if-none-match") == "*"
        if is_new and store.minds_conditions and key in store.buckets[bucket]:
            return Refusal(412, "PreconditionFailed")
    elif key and key not in store.buckets[bucket]:
        return Refusal(404, "NoSuchKey")
    return None


def _unsigned(request: Request) -> Refusal | None:
    """Signature version 4, computed anew from what came."""
    found = _SIGNED.fullmatch(request.headers.get("authorization", ""))
    if not found or found[1] != ACCESS_KEY:
        return Refusal(403, "InvalidAccessKeyId")
    if request.headers["x-amz-content-sha256"] != sha256(request.body).hexdigest():
        return Refusal(400, "XAmzContentSHA256Mismatch")
    scope, names = found[2], found[3].split(";")
    query = "&".join(f"{quote(k, '')}={quote(v, '')}" for k, v in sorted(request.query))
    headers = "".join(f"{name}:{request.headers[name].strip()}\n" for name in names)
    canonical = (
        request.method,
        quote(request.path),
        query,
        headers,
        found[3],
        sha256(request.body).hexdigest(),
    )
    date = request.headers["x-amz-date"]
    said = "\n".join(["AWS4-HMAC-SHA256", date, scope, sha256("\n".join(canonical).encode()).hexdigest()])
    key = f"AWS4{SECRET_KEY}".encode()
    for part in (date[:8], REGION, "s3", "aws4_request"):
        key = hmac.digest(key, part.encode(), "sha256")
    is_right = scope == f"{date[:8]}/{REGION}/s3/aws4_request"
    return None if is_right and hmac.new(key, said.encode(), sha256).hexdigest() == found[4] else _NOT_SIGNED


_NOT_SIGNED = Refusal(403, "SignatureDoesNotMatch")


def _listed(objects: dict[str, bytes], query: dict[str, str]) -> bytes:
    after = query.get("continuation-token") or query.get("start-after", "")
    names = sorted(key for key in objects if key.startswith(query.get("prefix", "")) and key > after)
    items = "".join(
        f"<Contents><Key>{escape(key)}</Key><LastModified>2026-03-02T08:00:00.000Z</LastModified>"
        f"<ETag>&quot;e&quot;</ETag><Size>{len(objects[key])}</Size></Contents>"
        for key in names[:PAGE]
    )
    more = len(names) > PAGE
    token = f"<NextContinuationToken>{escape(names[PAGE - 1])}</NextContinuationToken>" if more else ""
    return _xml("ListBucketResult", f"<IsTruncated>{str(more).lower()}</IsTruncated>{token}{items}")


def _xml(name: str, content: str) -> bytes:
    return f'<?xml version="1.0" encoding="UTF-8"?><{name}>{content}</{name}>'.encode()


def as_settings(where: Bucketed) -> dict[str, Any]:
    """The settings that name a bucket."""
    return {
        "seals": f"s3://{where.bucket}/{where.prefix}",
        "seals_endpoint": where.endpoint,
        "seals_region": where.region,
        "seals_access_key": where.access_key,
        "seals_secret_key": where.secret_key,
    }


@contextmanager
def serving(store: Store) -> Iterator[str]:
    """Serves it on a port of this machine, and gives the address."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = -1  # an answer in one packet

        def answer(self) -> None:
            parts = urlsplit(self.path)
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            headers = {name.lower(): value for name, value in self.headers.items()}
            query = parse_qsl(parts.query, keep_blank_values=True)
            with store.lock:
                store.asked.append(f"{self.command} {parts.path}")
                status, content = answered(
                    store, Request(self.command, unquote(parts.path), query, headers, body)
                )
            if store.loses_answers:
                self.close_connection = True
                return
            time.sleep(store.silent_seconds)
            self.send_response(status)
            self.send_header("Content-Length", str(len(content)))
            self.send_header("ETag", '"e"')
            self.send_header("Last-Modified", "Mon, 02 Mar 2026 08:00:00 GMT")
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_PUT = answer  # noqa: N815  the names that the library calls

        def log_message(self, *_: object) -> None:
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
