"""Whether an export is as it was made, by its own lines and public keys: no database, no network."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any, NamedTuple, TypeVar

import msgspec

from services.goals.export.jsonl.form import (
    BEGUN,
    ENDED,
    FORMAT,
    FRAME,
    Begun,
    Ended,
    SealProof,
    Signed,
    last_of,
    line,
)
from services.goals.export.jsonl.proven import Untrue, held_to
from services.goals.export.jsonl.succession import Succession
from services.goals.log.merkle import root_from
from services.goals.seals.seal import BadSeal, stated
from services.goals.seals.signing import EXPORT, SEAL, NotSigned, PublicKey, opened

T = TypeVar("T")


class Verdict(NamedTuple):
    """What a sound export holds, and how much of it is proven by seals."""

    begun: Begun
    made_at: datetime
    proven: int
    unsealed: int
    """Written after the last seal: the export's own signature alone vouches for them."""
    sealed_at: datetime | None
    """When the last of its seals was made."""


class BadExport(Exception):
    """The export is not as it was made; `line` is the first that shows it, from 1."""

    def __init__(self, line: int, why: str) -> None:
        super().__init__(f"line {line}: {why}")
        self.line = line


class Checker:
    """Takes the lines in turn."""

    def __init__(self, trusted: Mapping[str, PublicKey]) -> None:
        self._keys = dict(trusted)
        self._line = 0
        self._hash = sha256()
        self._begun: Begun | None = None
        self._frame: dict[str, Any] = {}
        self._order: Succession | None = None
        self._sealed_at: datetime | None = None
        self._proven = 0
        self._verdict: Verdict | None = None

    def take(self, raw: bytes) -> None:
        """The next line, with its end. Raises BadExport."""
        self._line += 1
        if self._verdict is not None:
            raise self._bad("comes after the end")
        item = self._as(dict[str, Any], raw)
        if self._begun is None:
            self._begin(item)
        elif item.get("type") == ENDED:
            self._end(item, raw)
        else:
            self._event(item)
        self._hash.update(raw)

    def verdict(self) -> Verdict:
        """What was found, once all lines were taken. Raises BadExport."""
        if self._verdict is None:
            self._line += 1
            raise self._bad("is missing: the file does not end as one that was made whole")
        return self._verdict

    def _begin(self, item: dict[str, Any]) -> None:
        if item.get("type") != BEGUN:
            raise self._bad(f"is no beginning of an export: its type is not {BEGUN}")
        data = item.get("data")
        if set(item) != FRAME or not isinstance(data, dict):
            raise self._bad("is not of the form of such a line")
        if (said := data.get("format")) != FORMAT:
            raise self._bad(f"is of format {said}, and this version reads {FORMAT}: take a newer one")
        self._begun = self._as(Begun, data)
        self._frame = item
        self._follow_keys(self._begun)
        for seal in self._begun.seals:
            self._seal(seal)
        self._order = Succession(self._begun)

    def _event(self, item: dict[str, Any]) -> None:
        assert self._begun is not None
        assert self._order is not None
        try:
            row, proof = held_to(item, {seal.number: seal.lane for seal in self._begun.seals})
            self._order.take(row)
        except Untrue as untrue:
            raise self._bad(str(untrue)) from untrue
        self._proven += proof.seal is not None

    def _end(self, item: dict[str, Any], raw: bytes) -> None:
        assert self._begun is not None
        assert self._order is not None
        if (missing := self._order.missing()) is not None:
            raise self._bad(missing)
        ended = self._as(Ended, item.get("data"))
        if raw != line(last_of(self._frame, ended)):  # nothing is signed of it but what it holds
            raise self._bad("is not the end of what began so")
        try:
            payload = opened(ended.signature, EXPORT, self._keys)
        except NotSigned as error:
            raise self._bad(f"is not signed as it should be: {error}") from error
        said = self._as(Signed, payload)
        if (said.lines, said.sha256) != (self._line - 1, self._hash.hexdigest()):
            raise self._bad("was signed over other lines: something that no seal proves was changed")
        events = self._begun.events
        self._verdict = Verdict(
            self._begun, said.made_at, self._proven, events - self._proven, self._sealed_at
        )

    def _follow_keys(self, begun: Begun) -> None:
        """Takes on each key that a trusted one handed over to."""
        for signatures in begun.handovers:
            for signature in signatures:
                try:
                    payload = opened(signature, SEAL, self._keys)
                except NotSigned:
                    continue
                key = msgspec.json.decode(payload)["key"]
                self._keys[key["kid"]] = key
                break

    def _seal(self, seal: SealProof) -> None:
        try:
            said, _ = stated(seal.number, seal.signatures[0])
        except (BadSeal, IndexError) as error:
            raise self._bad(f"seal {seal.number} is not as it was made") from error
        if said.key["kid"] not in self._keys:
            raise self._bad(f"seal {seal.number} is by key {said.key['kid']}, which is not among those given")
        try:
            path = [bytes.fromhex(node) for node in seal.path]
        except ValueError as error:
            raise self._bad(f"seal {seal.number} has a path that cannot be read") from error
        root = root_from(seal.lane.leaf(), seal.index, said.lanes, path)
        if root is None or root.hex() != said.lanes_root:
            raise self._bad(f"seal {seal.number} says something else of lane {seal.lane.lane}")
        self._sealed_at = max(said.made_at, self._sealed_at or said.made_at)

    def _as(self, kind: type[T], said: object) -> T:
        try:
            if isinstance(said, bytes):
                return msgspec.json.decode(said, type=kind)
            return msgspec.convert(said, kind)
        except ValueError as error:  # msgspec's own, and bytes that are no text
            raise self._bad("is not of the form of such a line") from error

    def _bad(self, why: str) -> BadExport:
        return BadExport(self._line, why)


def check(lines: Iterable[bytes], trusted: Mapping[str, PublicKey]) -> Verdict:
    """Goes through the lines of an export once, by keys that are trusted. Raises BadExport."""
    checker = Checker(trusted)
    for raw in lines:
        checker.take(raw)
    return checker.verdict()
