"""A seal: what it says of each lane that grew, how that is signed, and how one follows on another."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from typing import Annotated, NamedTuple

import msgspec

from services.goals.log.merkle import Tree
from services.goals.seals.signing import (
    SEAL,
    NotSigned,
    PublicKey,
    claimed,
    is_public,
    opened,
    public_of,
    sign,
)
from shared.tokens import Key

_CANONICAL = msgspec.json.Encoder(order="sorted")


Hash = Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{64}$")]
"""A SHA-256, in hex."""


class LaneSeal(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One lane since the seal before: the events from `after` + 1 to `position`.

    `hash` is the chain's at `position`; `root` the Merkle root over the hashes of those events.
    """

    lane: int
    after: int
    position: int
    hash: Hash
    root: Hash

    def leaf(self) -> bytes:
        """What stands for it in the tree of lanes: its JSON with sorted keys, without spaces."""
        return _CANONICAL.encode(self)


class Statement(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is signed: that the log was so at this time."""

    number: int
    made_at: datetime
    previous: str | None
    """The digest of the seal before; None for the first."""
    events: int
    """In all lanes, from the start."""
    lanes: int
    """How many have grown since the seal before."""
    lanes_root: str
    """The Merkle root over what is said of them, in hex."""
    key: PublicKey
    """By which it is signed."""


class Seal(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """As it is kept: signed by its own key, and by the one before where the key is new; then its lanes."""

    signatures: tuple[str, ...]
    lanes: tuple[LaneSeal, ...]


class Held(NamedTuple):
    """A seal whose signatures were checked, and what the next one refers to it by."""

    statement: Statement
    digest: str
    seal: Seal


class BadSeal(Exception):
    """A seal is not as it was made, or does not follow on the one before."""

    def __init__(self, number: int, why: str) -> None:
        super().__init__(f"seal {number} {why}")
        self.number = number


def made(before: Held | None, lanes: Sequence[LaneSeal], now: datetime, keys: Sequence[Key]) -> Seal:
    """The seal that follows, signed by the first of the keys.

    Where the one before is by another key, that one must be among the others: it hands over. Raises BadSeal.
    """
    number, previous, events = 1, None, 0
    if before is not None:
        number, previous, events = before.statement.number + 1, before.digest, before.statement.events
        now = max(now, before.statement.made_at)  # clocks are set back; seals are not
    grown = sum(lane.position - lane.after for lane in lanes)
    key = public_of(keys[0])
    said = Statement(number, now, previous, events + grown, len(lanes), lanes_root(lanes), key)
    payload = _CANONICAL.encode(said)
    signers = [keys[0]]
    if before is not None and before.statement.key != key:
        signers += [other for other in keys[1:] if public_of(other) == before.statement.key]
        if len(signers) == 1:
            raise BadSeal(number, "would be by a new key, and the one before is not there to hand over to it")
    return Seal(tuple(sign(signer, SEAL, payload) for signer in signers), tuple(lanes))


def kept(seal: Seal) -> bytes:
    """A seal as it is written: JSON."""
    return msgspec.json.encode(seal)


def held(number: int, content: bytes) -> Held:
    """A seal as it was written, its signatures and its lanes checked. Raises BadSeal."""
    try:
        seal = msgspec.json.decode(content, type=Seal)
        first = seal.signatures[0]
    except (ValueError, IndexError) as error:  # msgspec's are ValueErrors, as is what is no text
        raise BadSeal(number, "cannot be read") from error
    statement, digest = stated(number, first)
    if len(seal.lanes) != statement.lanes or lanes_root(seal.lanes) != statement.lanes_root:
        raise BadSeal(number, "lists other lanes than were signed")
    return Held(statement, digest, seal)


def stated(number: int, signed: str) -> tuple[Statement, str]:
    """What a signature is over, by the key that it names itself, and its digest. Raises BadSeal."""
    try:
        said = msgspec.json.decode(claimed(signed), type=Statement)
        if not is_public(said.key):
            raise BadSeal(number, "names no key")
        payload = opened(signed, SEAL, {said.key["kid"]: said.key})
    except (NotSigned, ValueError) as error:
        raise BadSeal(number, "is not signed by the key that it names") from error
    if said.number != number:
        raise BadSeal(number, f"says that it is seal {said.number}")
    return said, sha256(payload).hexdigest()


class Succession:
    """Seals in order, from the first on, each following on the one before.

    One of them at least is signed by a key that is trusted: those before it stand under its hash, and those
    after it are by its key or by one that was handed over to. With none trusted, the keys are only named.
    """

    def __init__(self, trusted: Mapping[str, PublicKey]) -> None:
        self.last: Held | None = None
        self._trusted = trusted
        self._known = not trusted
        self._reached: dict[int, int] = {}

    def take(self, seal: Held) -> None:
        """The next one. Raises BadSeal."""
        _follows(self.last, seal, self._reached)
        self._known = self._known or seal.statement.key["kid"] in self._trusted
        self.last = seal

    def end(self) -> None:
        """For now there are no more. Raises BadSeal where no key that is trusted signed any."""
        if self.last is not None and not self._known:
            number = self.last.statement.number
            raise BadSeal(number, "and all before it are signed by keys that are not known here")


def followed(seals: Iterable[Held], trusted: Mapping[str, PublicKey]) -> Iterator[Held]:
    """The seals again, all of them, as `Succession` has it. Raises BadSeal."""
    so_far = Succession(trusted)
    for seal in seals:
        so_far.take(seal)
        yield seal
    so_far.end()


def lanes_root(lanes: Sequence[LaneSeal]) -> str:
    """The Merkle root over what is said of the lanes, in hex."""
    return Tree([lane.leaf() for lane in lanes]).root().hex()


def _follows(before: Held | None, seal: Held, reached: dict[int, int]) -> None:
    said = seal.statement
    number = before.statement.number + 1 if before else 1
    if said.number != number:
        raise BadSeal(number, "is missing")
    if said.previous != (before.digest if before else None):
        raise BadSeal(number, "does not follow on the one before")
    if before is not None:
        if said.made_at < before.statement.made_at:
            raise BadSeal(number, "was made before the one that it follows")
        if said.key != before.statement.key:
            _handed_over(before.statement.key, seal)
    for lane in seal.seal.lanes:
        if lane.after != reached.get(lane.lane, 0) or lane.position <= lane.after:
            raise BadSeal(number, f"does not go on in lane {lane.lane} where the one before it ended")
        reached[lane.lane] = lane.position
    if said.events != sum(reached.values()):
        raise BadSeal(number, "counts other events than it lists")


def _handed_over(key: PublicKey, seal: Held) -> None:
    for signature in seal.seal.signatures[1:]:
        try:
            payload = opened(signature, SEAL, {key["kid"]: key})
        except NotSigned:
            continue
        if sha256(payload).hexdigest() == seal.digest:
            return
    raise BadSeal(seal.statement.number, "is by a new key that the one before did not hand over to")
