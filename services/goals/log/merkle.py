"""Merkle trees as RFC 9162 (2.1) has them: a root over many leaves, and the path that proves one of them."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256

EMPTY = sha256(b"").digest()
"""The root over no leaves."""


class Growing:
    """A root over leaves that come one by one, in memory of the tree's height."""

    def __init__(self) -> None:
        self.size = 0
        self._peaks: list[bytes] = []

    def add(self, leaf: bytes) -> None:
        """One more leaf at the end."""
        node = sha256(b"\0" + leaf).digest()
        size = self.size
        while size & 1:
            node = sha256(b"\1" + self._peaks.pop() + node).digest()
            size >>= 1
        self._peaks.append(node)
        self.size += 1

    def root(self) -> bytes:
        """The root over the leaves so far: 32 bytes."""
        if not self._peaks:
            return EMPTY
        node = self._peaks[-1]
        for peak in reversed(self._peaks[:-1]):
            node = sha256(b"\1" + peak + node).digest()
        return node


class Tree:
    """A whole tree over its leaves, for the paths of any of them."""

    def __init__(self, leaves: Sequence[bytes]) -> None:
        self._levels = [[sha256(b"\0" + leaf).digest() for leaf in leaves]]
        while len(self._levels[-1]) > 1:
            self._levels.append(_above(self._levels[-1]))

    def root(self) -> bytes:
        """The root over all leaves: 32 bytes."""
        return self._levels[-1][0] if self._levels[0] else EMPTY

    def path(self, index: int) -> tuple[bytes, ...]:
        """What a leaf is hashed with on its way to the root, from below."""
        path = []
        for level in self._levels[:-1]:
            beside = index ^ 1
            if beside < len(level):
                path.append(level[beside])
            index >>= 1
        return tuple(path)


def root_from(leaf: bytes, index: int, size: int, path: Sequence[bytes]) -> bytes | None:
    """Where a path leads from the leaf at `index` of `size` (RFC 9162, 2.1.3.2); None if nowhere."""
    if not 0 <= index < size:
        return None
    node, last, steps = sha256(b"\0" + leaf).digest(), size - 1, iter(path)
    while last:
        if index & 1 or index < last:
            beside = next(steps, None)
            if beside is None:
                return None
            pair = beside + node if index & 1 else node + beside
            node = sha256(b"\1" + pair).digest()
        index, last = index >> 1, last >> 1
    return None if next(steps, None) is not None else node


def _above(level: Sequence[bytes]) -> list[bytes]:
    nodes = [sha256(b"\1" + level[n] + level[n + 1]).digest() for n in range(0, len(level) - 1, 2)]
    return nodes if len(level) % 2 == 0 else [*nodes, level[-1]]
