"""Every process is asked for its figures, at once, wherever a name leads to several."""

from __future__ import annotations

import socket
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from urllib.parse import urlsplit, urlunsplit

import requests
from prometheus_client import Metric
from prometheus_client.parser import text_string_to_metric_families

PATIENCE = (2.0, 6.0)
"""Seconds to reach a process, and for it to answer: a database that is away costs it five."""


@dataclass(frozen=True)
class Answers:
    """What came: a page of each process that answered, and the names for which nobody did."""

    pages: Sequence[Sequence[Metric]]
    silent: Sequence[str]


def ask(places: Mapping[str, str]) -> Answers:
    """Asks all that these addresses, by name, lead to: `http://work:8002` is every worker there is."""
    addresses = [(name, address) for name, place in places.items() for address in _addresses(place)]
    with ThreadPoolExecutor(max_workers=16) as pool:
        pages = list(pool.map(_page, (address for _, address in addresses)))
    answered = {name for (name, _), page in zip(addresses, pages, strict=True) if page is not None}
    silent = [name for name in places if name not in answered]
    return Answers([page for page in pages if page is not None], silent)


def _addresses(place: str) -> Iterable[str]:
    parts = urlsplit(place)
    if parts.scheme == "https" or not parts.hostname:
        return [place]  # a proxy's certificate is of its name
    port = parts.port or 80
    try:
        found = socket.getaddrinfo(parts.hostname, port, type=socket.SOCK_STREAM)
    except OSError:
        return []
    hosts = sorted({f"[{one[4][0]}]" if one[0] is socket.AF_INET6 else str(one[4][0]) for one in found})
    return [urlunsplit(parts._replace(netloc=f"{host}:{port}")) for host in hosts]


def _page(address: str) -> list[Metric] | None:
    with requests.Session() as session:
        session.trust_env = False  # none of them is behind this machine's proxy
        try:
            answer = session.get(f"{address}/metrics", timeout=PATIENCE, allow_redirects=False)
            return list(text_string_to_metric_families(answer.text)) if answer.ok else None
        except (requests.RequestException, ValueError):
            return None
