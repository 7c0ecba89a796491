"""The shapes that msgspec reads, which it must know before there are threads."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec


def learn() -> None:
    """Has msgspec learn every shape of ours; called once all is imported, before the first thread is started.

    It learns one as it first reads one, and others may read by what is half learnt: of 32 threads that each
    read their first client at once, one in fifteen times one ended the process (segmentation fault). Some
    twenty milliseconds.
    """
    for shape in _below(msgspec.Struct):
        msgspec.json.Decoder(shape)


def _below(shape: type[msgspec.Struct]) -> Iterator[type[msgspec.Struct]]:
    for kind in shape.__subclasses__():
        yield kind
        yield from _below(kind)
