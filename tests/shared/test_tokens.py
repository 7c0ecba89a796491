"""Which tokens are believed."""

import base64
import json
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st
from joserfc import jws, jwt
from joserfc.jwk import KeySet, OctKey, OKPKey

from shared.tokens import REGISTRY, Claims, TokenRefused, mint, published, read
from tests.anything import ANYTHING

KEY, ANOTHER = bytes(range(32)), bytes(range(1, 33))
NOW = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
CLINIC = UUID("00000000-0000-4000-8000-0000000000c1")
CLIENT = UUID("00000000-0000-4000-8000-0000000000b1")
THERAPIST = "00000000-0000-4000-8000-0000000000a1"
GOOD: dict[str, Any] = {
    "iss": "cairn",
    "aud": "cairn",
    "sub": THERAPIST,
    "role": "therapist",
    "clinic": str(CLINIC),
    "iat": int(NOW.timestamp()),
    "exp": int((NOW + HOUR).timestamp()),
}


def signed(claims: dict[str, Any], key: bytes = KEY) -> str:
    jwk = OKPKey.import_key(Ed25519PrivateKey.from_private_bytes(key))
    return jwt.encode({"alg": "EdDSA"}, claims, jwk, registry=REGISTRY)


def part(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


def test_what_was_minted_is_read() -> None:
    token = mint(KEY, sub=THERAPIST, role="therapist", clinic=CLINIC, lifetime=HOUR, now=NOW)
    assert read(KEY, token, NOW) == Claims(THERAPIST, "therapist", CLINIC, None, NOW + HOUR)


def header(token: str) -> dict[str, Any]:
    head = token.split(".", maxsplit=1)[0]
    found: dict[str, Any] = json.loads(base64.urlsafe_b64decode(head + "=" * (-len(head) % 4)))
    return found


def test_while_keys_are_changed_tokens_of_both_are_taken_and_then_of_the_new_one_alone() -> None:
    old, new = (mint(key, sub="x", role="operator", lifetime=HOUR, now=NOW) for key in (KEY, ANOTHER))
    assert header(old)["kid"] != header(new)["kid"]
    for keys in ((KEY, ANOTHER), (ANOTHER, KEY)):
        assert read(keys, old, NOW) == read(keys, new, NOW)
    assert read((ANOTHER,), new, NOW).sub == "x"
    with pytest.raises(TokenRefused):
        read((ANOTHER,), old, NOW)


def test_a_token_from_before_keys_had_names_is_taken_while_its_key_is_known() -> None:
    nameless = signed(GOOD)
    assert "kid" not in header(nameless)
    assert read((ANOTHER, KEY), nameless, NOW).sub == THERAPIST
    with pytest.raises(TokenRefused):
        read((ANOTHER,), nameless, NOW)


@pytest.mark.parametrize("kid", ["another", 7, ["x"], {}, ""])
def test_a_token_that_names_another_key_is_refused_whoever_signed_it(kid: Any) -> None:
    jwk = OKPKey.import_key(Ed25519PrivateKey.from_private_bytes(KEY))
    body = f"{part({'alg': 'EdDSA', 'kid': kid})}.{part(GOOD)}".encode()
    signature = base64.urlsafe_b64encode(jwk.private_key.sign(body)).decode().rstrip("=")  # type: ignore[union-attr]
    with pytest.raises(TokenRefused):
        read((KEY, ANOTHER), f"{body.decode()}.{signature}", NOW)


def test_what_is_published_checks_a_token_and_makes_none() -> None:
    page = json.loads(json.dumps(published((KEY, ANOTHER, KEY))))
    token = mint(KEY, sub="x", role="operator", lifetime=HOUR, now=NOW)
    ours = KeySet.import_key_set(page)
    assert jwt.decode(token, ours.get_by_kid(header(token)["kid"]), registry=REGISTRY).claims["sub"] == "x"
    assert len(page["keys"]) == 2
    for key in page["keys"]:
        assert set(key) == {"kty", "crv", "x", "kid", "use", "alg"}
        assert (key["kty"], key["crv"], key["use"], key["alg"]) == ("OKP", "Ed25519", "sig", "EdDSA")
        assert key["kid"] == OKPKey.import_key(key).thumbprint()


def test_a_client_is_known_by_her_id() -> None:
    token = mint(KEY, sub=str(CLIENT), role="client", clinic=CLINIC, client=CLIENT, lifetime=HOUR, now=NOW)
    assert read(KEY, token, NOW).client == CLIENT


def test_the_claims_are_as_the_contract_names_them() -> None:
    token = mint(KEY, sub="x", role="operator", lifetime=HOUR, now=NOW)
    body = token.split(".")[1]
    claims = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
    assert set(claims) == {"iss", "aud", "sub", "role", "iat", "exp"}
    assert (claims["iss"], claims["aud"]) == ("cairn", "cairn")


@pytest.mark.parametrize("role", ["service", "operator"])
def test_a_role_above_the_clinics_needs_none(role: str) -> None:
    assert read(KEY, mint(KEY, sub="x", role=role, lifetime=HOUR, now=NOW), NOW).clinic is None


@pytest.mark.parametrize(
    ("claims", "why"),
    [
        ({"exp": int(NOW.timestamp())}, "expired"),
        ({"exp": None}, "times"),
        ({"exp": "9999999999"}, "times"),
        ({"exp": True}, "times"),
        ({"exp": 10**30}, "times"),
        ({"iat": None}, "times"),
        ({"iat": int((NOW + HOUR).timestamp())}, "future"),
        ({"aud": "another"}, "somebody else"),
        ({"aud": None}, "somebody else"),
        ({"aud": ["another"]}, "somebody else"),
        ({"iss": "another"}, "somebody else"),
        ({"role": "admin"}, "role"),
        ({"role": ["lead"]}, "role"),
        ({"role": None}, "role"),
        ({"sub": ""}, "nobody"),
        ({"sub": 7}, "nobody"),
        ({"clinic": None}, "without a clinic"),
        ({"clinic": "northside"}, "no id"),
        ({"clinic": 7}, "no id"),
        ({"role": "lead", "clinic": None}, "without a clinic"),
        ({"role": "client"}, "names the client"),
        ({"role": "client", "client": str(CLIENT), "clinic": None}, "without a clinic"),
        ({"client": str(CLIENT)}, "names the client"),
    ],
)
def test_signed_claims_that_do_not_hold_are_refused(claims: dict[str, Any], why: str) -> None:
    changed = {name: value for name, value in (GOOD | claims).items() if value is not None}
    with pytest.raises(TokenRefused, match=why):
        read(KEY, signed(changed), NOW)


def hmac_with_our_public_key() -> str:
    public = Ed25519PrivateKey.from_private_bytes(KEY).public_key().public_bytes_raw()
    return jwt.encode({"alg": "HS256"}, GOOD, OctKey.import_key(public), algorithms=["HS256"])


@pytest.mark.parametrize(
    "token",
    [
        signed(GOOD, ANOTHER),
        f"{part({'alg': 'none'})}.{part(GOOD)}.",
        f"{part({'alg': 'EdDSA'})}.{part(GOOD)}.",
        f"{part({'alg': 'none'})}.{part(GOOD)}.{signed(GOOD).split('.')[2]}",
        f"{signed(GOOD).split('.')[0]}.{part(GOOD | {'role': 'lead'})}.{signed(GOOD).split('.')[2]}",
        hmac_with_our_public_key(),
        signed(GOOD)[:-2],
        "",
        "..",
        "a.b.c",
        "nonsense",
        "é.ü.ñ",
        part({"alg": "EdDSA"}) + "." + part([1]) + ".AAAA",
        "x" * 100_000,
        ("[" * 3_000) + ".a.b",
    ],
    ids=lambda token: token[:12] or "empty",
)
def test_what_we_did_not_sign_is_refused(token: str) -> None:
    with pytest.raises(TokenRefused):
        read(KEY, token, NOW)


def test_signed_by_us_but_no_object_is_refused() -> None:
    jwk = OKPKey.import_key(Ed25519PrivateKey.from_private_bytes(KEY))
    for payload in (b"[]", b"7", b"not json", b"[" * 5000):
        token = jws.serialize_compact({"alg": "EdDSA"}, payload, jwk, registry=REGISTRY)
        with pytest.raises(TokenRefused):
            read(KEY, token, NOW)


def test_a_token_that_would_be_refused_is_not_minted() -> None:
    with pytest.raises(ValueError, match="without a clinic"):
        mint(KEY, sub="x", role="therapist", lifetime=HOUR, now=NOW)
    with pytest.raises(ValueError, match="role"):
        mint(KEY, sub="x", role="admin", lifetime=HOUR, now=NOW)


@pytest.mark.parametrize("role", ["therapist", "lead"])
def test_staff_are_named_by_their_ids(role: str) -> None:
    with pytest.raises(ValueError, match="with a sub that is no id"):
        mint(KEY, sub="bob", role=role, clinic=CLINIC, lifetime=HOUR, now=NOW)
    with pytest.raises(TokenRefused, match="with a sub that is no id"):
        read(KEY, signed(GOOD | {"role": role, "sub": "bob"}), NOW)


def test_a_token_that_was_believed_is_judged_anew_by_the_clock_and_the_key() -> None:
    token = signed(GOOD)
    assert read(KEY, token, NOW).sub == THERAPIST
    for key, now in ((KEY, NOW + HOUR), (KEY, NOW - HOUR), (ANOTHER, NOW)):
        with pytest.raises(TokenRefused):
            read(key, token, now)
    assert read(KEY, token, NOW).sub == THERAPIST


@given(st.one_of(st.text(st.characters(), max_size=60), st.text("eyJhbGciOi.AQ_-=", max_size=60)))
def test_any_text_is_no_token(text: str) -> None:
    with pytest.raises(TokenRefused):
        read(KEY, text, NOW)


@given(st.data())
def test_a_token_with_any_sign_of_it_spoiled_says_nothing_else(data: st.DataObject) -> None:
    token = signed(GOOD)
    at = data.draw(st.integers(0, len(token) - 1))
    spoiled = token[:at] + data.draw(st.characters()) + token[at + 1 :]
    with suppress(TokenRefused):
        assert read(KEY, spoiled, NOW) == read(KEY, token, NOW)  # the last sign of a part has bits to spare


@given(st.sampled_from([*GOOD, "client", "nbf"]), ANYTHING)
def test_whatever_a_signed_token_claims_it_is_whole_or_refused(name: str, value: Any) -> None:
    try:
        token = signed(GOOD | {name: value})
    except (ValueError, TypeError, OverflowError):  # what the library does not sign
        return
    try:
        claims = read(KEY, token, NOW)
    except TokenRefused:
        return
    assert (claims.sub, claims.role, claims.clinic) == (str(UUID(claims.sub)), "therapist", CLINIC)


@given(st.dictionaries(st.sampled_from(["alg", "kid", "typ", "crit", "b64", "jwk", "x5c"]), ANYTHING))
def test_whatever_its_header_says_is_refused_unless_it_is_ours(said: dict[str, Any]) -> None:
    body, signature = signed(GOOD).split(".")[1:]
    with pytest.raises(TokenRefused):
        read(KEY, f"{part(said)}.{body}.{signature}", NOW)
