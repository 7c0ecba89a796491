"""What a seal says, by whom it is signed, and how one follows on another: tried with every part changed."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given
from hypothesis import strategies as st

from services.goals.seals.known import mark_of
from services.goals.seals.seal import BadSeal, Held, LaneSeal, Seal, followed, held, kept, made, stated
from services.goals.seals.signing import (
    EXPORT,
    SEAL,
    NotSigned,
    claimed,
    opened,
    public_of,
    publics,
    read_public,
    sign,
)
from shared import tokens
from tests import controls as c
from tests.anything import anything

KEY, NEXT, OTHER = b"a" * 32, b"b" * 32, b"c" * 32


def lane(number: int, after: int, position: int) -> LaneSeal:
    return LaneSeal(number, after, position, f"{position:064x}", f"{position + 1:064x}")


@dataclass
class Kept:
    """Seals as files."""

    files: list[bytes] = field(default_factory=list)

    def seal(self, *lanes: LaneSeal, keys: tuple[bytes, ...] = (KEY,), at: datetime = c.NOW) -> None:
        before = self.read()[-1] if self.files else None
        self.files.append(kept(made(before, lanes, at, keys)))

    def read(self, *trusted: bytes) -> list[Held]:
        return list(followed((held(n, file) for n, file in enumerate(self.files, 1)), publics(trusted)))

    def edit(self, number: int, change: Callable[[dict[str, Any]], None]) -> None:
        content = json.loads(self.files[number - 1])
        change(content)
        self.files[number - 1] = json.dumps(content).encode()


@pytest.fixture
def three() -> Kept:
    seals = Kept()
    seals.seal(lane(1, 0, 4), lane(7, 0, 2))
    seals.seal(lane(7, 2, 3))
    seals.seal(lane(1, 4, 9), lane(8, 0, 1))
    return seals


def why(seals: Kept, *trusted: bytes) -> str:
    with pytest.raises(BadSeal) as refused:
        seals.read(*trusted)
    return str(refused.value)


def test_seals_follow_on_each_other_and_count_what_they_hold(three: Kept) -> None:
    assert [(s.statement.number, s.statement.events) for s in three.read(KEY)] == [(1, 6), (2, 7), (3, 13)]


def test_one_that_is_missing_shows(three: Kept) -> None:
    first, _, third = three.read()
    with pytest.raises(BadSeal, match="seal 2 is missing"):
        list(followed([first, third], {}))


def test_the_first_that_is_missing_shows(three: Kept) -> None:
    with pytest.raises(BadSeal, match="seal 1 is missing"):
        list(followed(three.read()[1:], {}))


def test_one_that_says_another_number_shows(three: Kept) -> None:
    three.files[1], three.files[2] = three.files[2], three.files[1]
    assert why(three) == "seal 2 says that it is seal 3"


def test_one_that_was_made_anew_by_the_same_key_shows_in_the_next(three: Kept) -> None:
    another = Kept(three.files[:1])
    another.seal(lane(7, 2, 4))
    assert why(Kept([*another.files, three.files[2]])) == "seal 3 does not follow on the one before"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda s: s["lanes"][0].update(position=5), "seal 1 lists other lanes than were signed"),
        (lambda s: s["lanes"][0].update(hash="00" * 32), "seal 1 lists other lanes than were signed"),
        (lambda s: s["lanes"].pop(), "seal 1 lists other lanes than were signed"),
        (lambda s: s.update(signatures=[]), "seal 1 cannot be read"),
        (lambda s: s.update(more=1), "seal 1 cannot be read"),
        (lambda s: s.update(signatures=["nonsense"]), "seal 1 is not signed by the key that it names"),
        (
            lambda s: s["signatures"].__setitem__(0, s["signatures"][0][:-9] + "AAAAAAAAA"),
            "seal 1 is not signed by the key that it names",
        ),
    ],
)
def test_one_that_was_changed_shows(three: Kept, change: Callable[[dict[str, Any]], None], said: str) -> None:
    three.edit(1, change)
    assert why(three) == said


def test_one_that_is_no_json_shows(three: Kept) -> None:
    three.files[0] = b"{"
    assert why(three) == "seal 1 cannot be read"


@pytest.mark.parametrize(
    ("lanes", "said"),
    [
        ([lane(1, 3, 9)], "seal 2 does not go on in lane 1 where the one before it ended"),
        ([lane(1, 4, 4)], "seal 2 does not go on in lane 1 where the one before it ended"),
        ([lane(2, 1, 4)], "seal 2 does not go on in lane 2 where the one before it ended"),
    ],
)
def test_one_that_leaves_something_out_or_goes_back_shows(lanes: list[LaneSeal], said: str) -> None:
    seals = Kept()
    seals.seal(lane(1, 0, 4))
    seals.seal(*lanes)
    assert why(seals) == said


def test_a_clock_that_was_set_back_sets_no_seal_back() -> None:
    seals = Kept()
    seals.seal(lane(1, 0, 4), at=c.NOW)
    seals.seal(lane(1, 4, 5), at=c.NOW - timedelta(hours=1))
    assert [seal.statement.made_at for seal in seals.read()] == [c.NOW, c.NOW]


def test_a_key_that_nobody_knows_is_not_trusted(three: Kept) -> None:
    assert why(three, OTHER) == "seal 3 and all before it are signed by keys that are not known here"


def test_a_new_key_is_handed_over_to_by_the_one_before(three: Kept) -> None:
    three.seal(lane(1, 9, 10), keys=(NEXT, KEY))
    three.seal(lane(1, 10, 11), keys=(NEXT,))
    assert len(three.read(KEY)) == len(three.read(NEXT)) == len(three.read()) == 5


def test_a_new_key_alone_makes_no_seal(three: Kept) -> None:
    with pytest.raises(BadSeal, match="seal 4 would be by a new key, and the one before is not there"):
        three.seal(lane(1, 9, 10), keys=(NEXT, OTHER))


def test_a_new_key_that_nothing_handed_over_to_shows(three: Kept) -> None:
    three.seal(lane(1, 9, 10), keys=(NEXT, KEY))
    three.edit(4, lambda seal: seal["signatures"].pop())
    assert why(three) == "seal 4 is by a new key that the one before did not hand over to"


def test_the_hand_over_to_one_seal_is_none_to_another(three: Kept) -> None:
    elsewhere = Kept(list(three.files))
    elsewhere.seal(lane(1, 9, 11), keys=(NEXT, KEY))
    over = json.loads(elsewhere.files[3])["signatures"][1]
    three.seal(lane(1, 9, 10), keys=(NEXT, KEY))
    three.edit(4, lambda seal: seal["signatures"].__setitem__(1, over))
    assert why(three) == "seal 4 is by a new key that the one before did not hand over to"


def test_a_signature_is_good_for_its_own_use_alone() -> None:
    signed = sign(KEY, EXPORT, b"{}")
    assert opened(signed, EXPORT, publics([KEY])) == b"{}"
    with pytest.raises(NotSigned, match="not signed as a cairn-seal"):
        opened(signed, SEAL, publics([KEY]))
    with pytest.raises(NotSigned, match="a key that is not known"):
        opened(signed, EXPORT, publics([OTHER]))


def test_a_token_is_no_seal() -> None:
    token = tokens.mint(KEY, sub="x", role="operator", lifetime=timedelta(days=1), now=c.NOW)
    with pytest.raises(NotSigned):
        opened(token, SEAL, publics([KEY]))


def test_what_is_signed_of_two_keys_is_one_statement(three: Kept) -> None:
    three.seal(lane(1, 9, 10), keys=(NEXT, KEY))
    seal = msgspec.json.decode(three.files[3], type=Seal)
    both = publics([KEY, NEXT])
    assert len({opened(signature, SEAL, both) for signature in seal.signatures}) == 1


@pytest.mark.parametrize(
    "text", ["", "{}", '{"keys": []}', "[1]", '{"kty": "oct", "k": "AA"}', "-----BEGIN X"]
)
def test_what_is_no_public_key_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="an Ed25519 public key is expected: a JWK, a JWK Set or PEM"):
        read_public(text)


def test_a_public_key_is_read_however_it_is_written() -> None:
    pem = Ed25519PrivateKey.from_private_bytes(KEY).public_key()
    one = public_of(KEY)
    written = [
        json.dumps(one),
        json.dumps({"keys": [one]}),
        pem.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode(),
    ]
    assert [read_public(text) for text in written] == [{one["kid"]: one}] * 3


ANYTHING = anything(st.text(st.characters(codec="utf-8"), max_size=8))
ONE = kept(made(None, [lane(1, 0, 4), lane(7, 0, 2)], c.NOW, [KEY]))
SAID: dict[str, Any] = json.loads(claimed(json.loads(ONE)["signatures"][0]))


@given(st.integers(0, len(ONE) - 1), st.integers(1, 255))
def test_a_seal_with_any_byte_of_it_spoiled_is_refused(at: int, by: int) -> None:
    spoiled = ONE[:at] + bytes([ONE[at] ^ by]) + ONE[at + 1 :]
    with pytest.raises(BadSeal, match="seal 1 "):
        held(1, spoiled)


@given(st.one_of(st.binary(max_size=60), ANYTHING.map(lambda said: json.dumps(said).encode())))
def test_any_bytes_are_no_seal(content: bytes) -> None:
    with pytest.raises(BadSeal, match="cannot be read"):
        held(1, content)


@given(st.sampled_from(sorted(SAID)), ANYTHING)
def test_whatever_somebody_signs_by_a_key_of_their_own_is_a_seal_or_refused(name: str, value: Any) -> None:
    with suppress(BadSeal):
        said, _ = stated(1, sign(KEY, SEAL, json.dumps(SAID | {name: value}).encode()))
        assert said.number == 1


@given(st.sampled_from(["lane", "after", "position", "hash", "root"]), ANYTHING)
def test_whatever_it_says_of_a_lane_is_something_to_hold_it_to_or_refused(name: str, value: Any) -> None:
    spoiled = msgspec.to_builtins(lane(1, 0, 4)) | {name: value}
    with suppress(BadSeal, msgspec.ValidationError):
        lanes = [msgspec.convert(spoiled, LaneSeal)]
        (seal,) = followed([held(1, kept(made(None, lanes, c.NOW, [KEY])))], {})
        assert len(mark_of(seal, seal.seal.lanes[0]).hash) == 32


@given(st.one_of(st.text(st.characters(), max_size=60), ANYTHING.map(json.dumps)))
def test_any_text_is_no_signature_and_no_key(text: str) -> None:
    with pytest.raises(NotSigned):
        opened(text, SEAL, publics([KEY]))
    with suppress(NotSigned):
        claimed(text)
    for written in (text, f'{{"keys": [{text}]}}', f"-----BEGIN PUBLIC KEY-----\n{text}"):
        with pytest.raises(ValueError, match="an Ed25519 public key is expected"):
            read_public(written)
