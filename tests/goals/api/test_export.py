"""GET …/export: who takes a copy of what, that it is written down, and that the copy proves itself."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from click.testing import CliRunner
from flask import Flask

from services.goals.api.call import ROOMS
from services.goals.commands import goals
from services.goals.export.jsonl.checked import BadExport, Verdict, check
from services.goals.export.jsonl.form import PROOF, line, spelled, unspelled
from services.goals.seals.sealing import seal
from services.goals.seals.signing import EXPORT, public_of, publics, sign
from shared.settings import Settings
from tests import controls as c
from tests.goals.api.callers import A_CLIENT, A_GOAL, EASED, FLAG_BODY, SEAL_KEY, Knock, named

NEXT = b"n" * 32
EVERYTHING = f"{A_CLIENT}/export?format=jsonl&purpose=transfer"
Item = dict[str, Any]


class Exporter:
    """A house where somebody seals and somebody exports."""

    def __init__(self, knock: Knock) -> None:
        self.knock = knock
        self.hours = 0

    def seal(self, *keys: bytes) -> None:
        rooms = self.knock.app.extensions[ROOMS]
        self.hours += 1
        now = c.NOW + timedelta(hours=self.hours)
        assert seal(rooms.house.engine, rooms.seals.place, keys or (SEAL_KEY,), now)

    def win(self, name: str) -> None:
        assert self.knock("client", "PUT", f"{A_GOAL}/wins/{named(name)}", {"text": c.WIN}).status_code == 201

    def lines(self, path: str = EVERYTHING, who: str = "therapist") -> list[bytes]:
        answer = self.knock(who, "GET", path)
        assert answer.status_code == 200, answer.text
        return answer.text.encode().splitlines(keepends=True)


@pytest.fixture
def exporter(active: Knock) -> Exporter:
    """What was done first is under a seal, a win under another, and a win under none."""
    it = Exporter(active)
    assert (
        active(
            "therapist", "PUT", f"{A_GOAL}/adjustments/{named('eased')}", EASED, If_Match='"2"'
        ).status_code
        == 201
    )
    it.seal()
    it.win("sealed")
    it.seal()
    it.win("fresh")
    return it


def checked(lines: list[bytes], *keys: bytes) -> Verdict:
    return check(lines, publics(keys or (SEAL_KEY,)))


def why(lines: list[bytes], *keys: bytes) -> str:
    with pytest.raises(BadExport) as bad:
        checked(lines, *keys)
    return str(bad.value)


def test_every_event_of_a_record_is_there_in_clear_and_proven(exporter: Exporter) -> None:
    lines = exporter.lines()
    items = [json.loads(one) for one in lines]
    assert {item["specversion"] for item in items} == {"1.0"}
    assert (items[0]["type"], items[-1]["type"]) == ("cairn.export.begun.v1", "cairn.export.ended.v1")
    assert [item["recordversion"] for item in items[1:-1]] == [str(n) for n in range(1, len(items) - 1)]
    assert items[1]["data"]["name"] == c.NAME
    verdict = checked(lines)
    newest = sum(item["data"].get("text") == c.WIN or item["type"] == "x" for item in items[-2:-1])
    assert verdict.unsealed >= newest == 1
    assert verdict.proven + verdict.unsealed == len(items) - 2 == verdict.begun.events


def test_one_goal_alone_is_exported_without_a_gap(exporter: Exporter) -> None:
    lines = exporter.lines(f"{EVERYTHING}&goal={c.GOAL}")
    assert {json.loads(one)["subject"] for one in lines[1:-1]} == {str(c.GOAL)}
    assert checked(lines).begun.goal_id == c.GOAL


def test_what_was_recorded_in_some_days_is_exported(exporter: Exporter) -> None:
    whole = [json.loads(one) for one in exporter.lines()][1:-1]
    first, last = whole[2]["recordedtime"], whole[-2]["recordedtime"]
    lines = exporter.lines(f"{EVERYTHING}&from={first}&to={last}")
    assert [json.loads(one)["id"] for one in lines[1:-1]] == [item["id"] for item in whole[2:-1]]
    assert checked(lines).begun.events == len(whole) - 3


def test_a_copy_for_herself_leaves_flags_out_and_says_so(exporter: Exporter) -> None:
    exporter.knock("service", "PUT", f"{A_CLIENT}/flags/{named('flag')}", FLAG_BODY)
    exporter.win("after")
    hers = exporter.lines(f"{A_CLIENT}/export?format=jsonl&purpose=client", who="client")
    assert b"safety" not in b"".join(hers)
    verdict = checked(hers)
    assert len(verdict.begun.withheld) == 1
    assert len(exporter.lines()) == len(hers) + 1


def test_every_copy_is_in_the_access_log_with_its_purpose(exporter: Exporter) -> None:
    exporter.lines()
    looks = exporter.knock("lead", "GET", f"/v1/access?client={c.CLIENT}").json["items"]
    assert [(look["what"], look["purpose"]) for look in looks][1] == ("get_export", "transfer")


@pytest.mark.parametrize(
    ("who", "purpose", "status"),
    [
        ("client", "client", 200),
        ("client", "transfer", 403),
        ("client", "legal", 403),
        ("therapist", "client", 200),
        ("therapist", "legal", 403),
        ("colleague", "client", 403),
        ("lead", "legal", 200),
        ("service", "client", 403),
        ("operator", "client", 403),
        ("another client", "client", 404),
        ("lead elsewhere", "legal", 404),
    ],
)
def test_who_may_take_a_copy_for_what(exporter: Exporter, who: str, purpose: str, status: int) -> None:
    answer = exporter.knock(who, "GET", f"{A_CLIENT}/export?format=jsonl&purpose={purpose}")
    assert answer.status_code == status


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("", 422),
        ("?format=jsonl", 422),
        ("?format=xml&purpose=client", 422),
        ("?format=jsonl&purpose=fun", 422),
        ("?format=jsonl&purpose=client&from=2026-03-05&to=2026-03-01", 422),
        (f"?format=jsonl&purpose=client&goal={c.CLIENT}", 404),
        (f"?format=jsonl&purpose=client&goal={named('none')}", 404),
    ],
)
def test_what_cannot_be_asked_is_refused(exporter: Exporter, query: str, status: int) -> None:
    assert exporter.knock("therapist", "GET", f"{A_CLIENT}/export{query}").status_code == status


def _field(name: str, value: object) -> Callable[[list[Item]], object]:
    return lambda items: items[3].update({name: value})


def _proof(**changes: object) -> Callable[[list[Item]], object]:
    def change(items: list[Item]) -> None:
        text = items[3]["proof"]
        proof = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        items[3]["proof"] = spelled(json.dumps(proof | changes).encode())

    return change


CHANGED: dict[str, tuple[Callable[[list[Item]], object], str]] = {
    "its type": (_field("type", "cairn.reminders.resumed.v1"), "line 4: has data that is not of its shape"),
    "its type to one that nobody knows": (
        _field("type", "cairn.x.v1"),
        "line 4: is one that this version does",
    ),
    "when it was true": (
        _field("time", "2026-01-01T00:00:00.000000Z"),
        "line 4: is not what seal 1 was made of",
    ),
    "when it was recorded": (
        _field("recordedtime", "2026-01-01T00:00:00.000000Z"),
        "line 4: is not what seal 1",
    ),
    "who did it": (_field("actorid", "somebody"), "line 4: says that another did it"),
    "by which way": (_field("via", "sms"), "line 4: says that another did it"),
    "its id": (_field("id", str(named("other"))), "line 4: is not what seal 1 was made of"),
    "its client": (_field("partitionkey", str(named("other"))), "line 4: is not what seal 1 was made of"),
    "its clinic": (_field("source", f"/clinics/{named('other')}"), "line 4: is not what seal 1 was made of"),
    "its place": (_field("sequence", "99"), "line 4: is proven by a seal that does not hold it"),
    "its version": (_field("recordversion", "9"), "line 4: is not what seal 1 was made of"),
    "what is in clear": (lambda items: items[1]["data"].update(locale="es"), "line 2: says something else"),
    "what was sealed": (lambda items: items[1]["data"].update(name="Eve"), "was signed over other lines"),
    "what was sealed, taken away": (
        lambda items: items[1]["data"].update(name=None),
        "was signed over other",
    ),
    "more": (_field("more", 1), "line 4: has an attribute that no event has"),
    "its proof": (_field("proof", "AAAA"), "line 4: has no proof that can be read"),
    "its proof away": (lambda items: items[3].pop("proof"), "line 4: has no proof that can be read"),
    "to another seal": (_proof(seal=2), "line 4: is proven by a seal that does not hold it"),
    "to no seal": (_proof(seal=None, path=[]), "line 4: has no proof, and is older than a seal"),
    "its body": (_proof(body=spelled(b"{}")), "line 4: "),
    "its path": (_proof(path=[]), "line 4: is not what seal 1 was made of"),
    "a line away": (lambda items: items.pop(3), "line 4: is missing: version 3 comes before version 4"),
    "the first event away": (
        lambda items: items.pop(1),
        "line 2: is missing: version 1 comes before version 2",
    ),
    "the last event away": (lambda items: items.pop(-2), "events, and"),
    "a line twice": (lambda items: items.insert(3, items[3]), "line 5: is missing"),
    "two lines exchanged": (lambda items: items.insert(2, items.pop(3)), "line 3: is missing"),
    "the end away": (lambda items: items.pop(), "is missing: the file does not end"),
    "the beginning away": (lambda items: items.pop(0), "line 1: is no beginning of an export"),
    "something after the end": (lambda items: items.append(items[3]), "comes after the end"),
    "what it was for": (
        lambda items: items[0]["data"].update(purpose="legal"),
        "was signed over other lines",
    ),
    "whose it is": (
        lambda items: items[0]["data"].update(record_id=str(c.GOAL)),
        "line 2: is of another record",
    ),
    "what is withheld": (lambda items: (items.pop(3), items[0]["data"].update(withheld=[3])), "events, and"),
    "its format": (lambda items: items[0]["data"].update(format=2), "line 1: is of format 2"),
    "a root": (
        lambda items: items[0]["data"]["seals"][0]["lane"].update(root="00" * 32),
        "line 1: seal 1 says",
    ),
    "a seal": (
        lambda items: items[0]["data"]["seals"][0].update(signatures=["x"]),
        "line 1: seal 1 is not as",
    ),
    "a seal's number": (
        lambda items: items[0]["data"]["seals"][0].update(number=2),
        "line 1: seal 2 is not as",
    ),
    "a seal away": (
        lambda items: items[0]["data"]["seals"].pop(0),
        "is proven by a seal that does not hold it",
    ),
}


@pytest.mark.parametrize("what", CHANGED)
def test_what_somebody_changed_is_found(exporter: Exporter, what: str) -> None:
    change, said = CHANGED[what]
    items = [json.loads(one) for one in exporter.lines()]
    change(items)
    assert said in why([line(item) for item in items])


def test_any_byte_that_somebody_changed_is_found(exporter: Exporter) -> None:
    whole = b"".join(exporter.lines())
    for at in range(0, len(whole), 23):
        spoilt = bytearray(whole)
        spoilt[at] ^= 1 << at % 8
        why(bytes(spoilt).splitlines(keepends=True))


SAID: tuple[Any, ...] = (None, True, -1, 2**70, 1e9, "", "é", "zz", "0" * 64, "AA", [], [[]], {}, {"a": 1})


def places(said: Any) -> Iterator[tuple[Any, Any]]:
    """Wherever something stands in it: what holds it, and under which name."""
    for name in said if isinstance(said, dict) else range(len(said)) if isinstance(said, list) else ():
        yield said, name
        yield from places(said[name])


def test_whatever_somebody_says_instead_is_found_and_named(exporter: Exporter) -> None:
    items = [json.loads(one) for one in exporter.lines()]
    for item in items[1:-1]:
        item[PROOF] = json.loads(unspelled(item[PROOF]))
    assert checked([line(with_proof(item)) for item in items]).proven
    found = list(places(items))
    for number, (holder, name) in enumerate(found[::3]):
        before, holder[name] = holder[name], SAID[number % len(SAID)]
        if holder[name] != before:
            why([line(with_proof(item) if isinstance(item, dict) else {"": item}) for item in items])
        holder[name] = before


def with_proof(item: dict[str, Any]) -> dict[str, Any]:
    """A line whose proof is spelled again, where there is one to spell."""
    return item | {PROOF: spelled(msgspec.json.encode(item[PROOF]))} if PROOF in item else item


def test_signing_it_anew_helps_nobody_without_the_key(exporter: Exporter) -> None:
    items = [json.loads(one) for one in exporter.lines()]
    items[-1]["data"]["signature"] = sign(NEXT, EXPORT, b"{}")
    assert "signed by a key that is not known" in why([line(item) for item in items])


def test_another_key_is_not_enough(exporter: Exporter) -> None:
    assert "which is not among those given" in why(exporter.lines(), NEXT)


def test_who_has_only_the_first_key_is_led_to_the_one_it_handed_over_to(
    exporter: Exporter, app: Flask
) -> None:
    exporter.seal(NEXT, SEAL_KEY)
    object.__setattr__(app.extensions[ROOMS], "seal_key", NEXT)
    assert checked(exporter.lines(), SEAL_KEY).unsealed == 0


def test_after_an_erasure_the_proof_holds_over_what_is_left(exporter: Exporter, app: Flask) -> None:
    before = exporter.lines()
    house = app.extensions[ROOMS].house
    house.vault.destroy(c.CLIENT)
    after = exporter.lines()
    assert c.NAME.encode() not in b"".join(after)
    assert [json.loads(one)["id"] for one in after[1:-1]] == [json.loads(one)["id"] for one in before[1:-1]]
    assert checked(after).proven == checked(before).proven


def test_without_a_key_nothing_is_signed(exporter: Exporter, app: Flask) -> None:
    object.__setattr__(app.extensions[ROOMS], "seal_key", None)
    answer = exporter.knock("therapist", "GET", EVERYTHING)
    assert (answer.status_code, "CAIRN_SEAL_KEY" in answer.json["detail"]) == (503, True)


def test_the_file_is_named_by_ids_and_kept_nowhere(exporter: Exporter) -> None:
    answer = exporter.knock("therapist", "GET", EVERYTHING)
    assert answer.headers["Content-Disposition"].startswith(f'attachment; filename="cairn-{c.CLIENT}-')
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.content_type == "application/x-ndjson"


def run(*words: str) -> tuple[int, str]:
    done = CliRunner().invoke(goals, ["verify", *words], obj=Settings())
    return done.exit_code, done.output


def test_the_command_checks_it_with_the_file_and_the_key_alone(exporter: Exporter, tmp_path: Path) -> None:
    file, key = tmp_path / "export.jsonl", tmp_path / "public.jwk"
    key.write_text(json.dumps(public_of(SEAL_KEY)))
    file.write_bytes(b"".join(exporter.lines()))
    code, said = run("--export", str(file), "--key", str(key))
    assert code == 0, said
    assert said.endswith(
        "The export is as it was made: nothing changed, added, left out or put in another order.\n"
    )
    file.write_bytes(file.read_bytes().replace(c.NAME.encode(), b"Somebody Else"))
    code, said = run("--export", str(file), "--key", str(key))
    assert code == 1
    assert said.startswith("The export is not as it was made: line ")
    assert run("--export", str(file))[0] == 2
