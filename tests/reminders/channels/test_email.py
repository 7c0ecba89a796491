"""Each reply of a mail server, and what the ledger says after it; and the e-mail as it arrives."""

import ssl
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote

import pytest
from structlog.testing import capture_logs

from infra.local.ports import free_port
from services.reminders.channels import Answer, Letter
from services.reminders.channels.email import Smtp
from services.reminders.ledger.settle import BACKOFF
from services.reminders.parts import Parts
from services.reminders.sending.deliver import deliverer
from tests.reminders.channels.conftest import AN_SMS, MESSAGE
from tests.reminders.channels.peer import PASSWORD, USER, Peer, certificate, listening
from tests.reminders.house import ADDRESS, House, milestone

pytestmark = pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")

FROM = "Cairn <care@example.org>"
UNSUBSCRIBE = f"https://reminders.example.org/unsubscribe/{'x' * 200}"
LETTER = replace(
    AN_SMS,
    channel="email",
    to=ADDRESS,
    text="¡Ya son 7 veces!\n\n.a line that begins with a dot\n",
    subject="Una nota de Northside — para cuando tenga un momento, hoy o mañana, sin ninguna prisa",
    html="<p>¡Ya son 7 veces!</p>",
    unsubscribe=UNSUBSCRIBE,
)


@pytest.fixture
def peer() -> Iterator[Peer]:
    """A mail server that takes everything."""
    with listening() as peer:
        yield peer


def by(peer: Peer, scheme: str = "smtp", login: str = "", query: str = "", **named: object) -> Smtp:
    url = f"{scheme}://{login}127.0.0.1:{peer.port}{query}"
    return Smtp(url, FROM, accept_seconds=0.5, **named)  # type: ignore[arg-type]


def deliver(house: House, smtp: Smtp) -> None:
    """Her message, delivered as a worker would."""
    house.begin("email")
    house.happens(milestone())
    [rung] = house.rung
    deliverer(house.parts.engine, house.parts.vault, {"email": smtp.send}, {}, house.clock)(*rung)


@pytest.mark.parametrize(
    ("says", "state", "cause", "taken"),
    [
        ({}, "sent", None, 1),
        ({"MAIL": "450 not now"}, "planned", "deferred", 0),
        ({"MAIL": "550 not from you"}, "failed", "sender_refused", 0),
        ({"MAIL": "530 sign in first"}, "planned", "mail_server_refuses_us", 0),
        ({"RCPT": "451 greylisted"}, "planned", "deferred", 0),
        ({"RCPT": "550 no such user"}, "failed", "address_refused", 0),
        ({"RCPT": "drop"}, "planned", "connection_lost", 0),
        ({"DATA": "452 full"}, "planned", "deferred", 0),
        ({"DATA": "421 going away"}, "planned", "deferred", 0),
        ({"DATA": "554 looks like spam"}, "failed", "mail_refused", 0),
        ({"DATA": "drop"}, "unknown", "connection_lost", 1),
        ({"DATA": "hang"}, "unknown", "connection_lost", 1),
    ],
)
def test_what_the_ledger_says_after_each_reply(
    house: House, peer: Peer, says: dict[str, str], state: str, cause: str, taken: int
) -> None:
    peer.says = says
    with capture_logs() as logs:
        deliver(house, by(peer))
    assert house.states() == [(state, cause)]
    assert len(peer.raw) == taken
    assert ADDRESS not in str(logs)
    if state != "planned":
        house.later(hours=1)
        assert house.sweep() == 0


def test_a_refused_connection_is_tried_again_later_until_it_goes(house: House, peer: Peer) -> None:
    deliver(house, Smtp(f"smtp://127.0.0.1:{free_port()}", FROM))
    assert house.states() == [("planned", "unreachable_mail_server")]
    house.now += BACKOFF[0]
    [rung] = house.rung
    deliverer(house.parts.engine, house.parts.vault, {"email": by(peer).send}, {}, house.clock)(*rung)
    assert house.states() == [("sent", None)]
    assert len(peer.raw) == 1


def test_what_is_tried_again_is_the_same_e_mail(peer: Peer) -> None:
    for _ in range(2):
        assert by(peer).send(LETTER) == Answer("sent")
    assert [mail["Message-ID"] for mail in peer.taken] == [f"<{MESSAGE}@example.org>"] * 2
    assert peer.raw[0] == peer.raw[1]


def test_the_e_mail_arrives_whole(peer: Peer) -> None:
    by(peer).send(LETTER)
    [mail] = peer.taken
    assert (peer.senders, peer.recipients) == (["care@example.org"], [ADDRESS])
    assert mail["From"] == "Northside <care@example.org>"
    assert mail["To"] == ADDRESS
    assert mail["Subject"] == LETTER.subject
    assert mail["Date"].datetime == LETTER.at
    assert mail["Auto-Submitted"] == "auto-generated"
    text, html = mail.get_body(("plain",)), mail.get_body(("html",))
    assert text
    assert html
    assert text.get_content().replace("\r\n", "\n") == LETTER.text
    assert html.get_content().strip() == LETTER.html
    assert mail.get_content_type() == "multipart/alternative"


def test_one_click_unsubscribes_by_the_address_given_which_stays_in_one_piece(peer: Peer) -> None:
    by(peer).send(LETTER)
    assert f"List-Unsubscribe: <{UNSUBSCRIBE}>\r\n".encode() in peer.raw[0]
    assert b"List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n" in peer.raw[0]


def test_without_such_an_address_nothing_is_promised(peer: Peer) -> None:
    by(peer).send(replace(LETTER, unsubscribe=None))
    assert b"List-Unsubscribe" not in peer.raw[0]


def test_every_line_is_as_short_as_mail_servers_ask(peer: Peer) -> None:
    by(peer).send(replace(LETTER, text="palabra " * 500, html="<p>" + "ñ" * 2000 + "</p>"))
    head, _, body = peer.raw[0].partition(b"\r\n\r\n")
    assert max(map(len, head.split(b"\r\n"))) <= 998
    assert max(map(len, body.split(b"\r\n"))) <= 76
    assert peer.raw[0].isascii()


@pytest.mark.parametrize(
    "wrong",
    [
        {"to": "maya@example.org\r\nBcc: all@example.org"},
        {"to": "maya okafor@example.org"},
        {"to": "nobody"},
        {"subject": "a note\r\nBcc: all@example.org"},
        {"sender": "North\r\nBcc: all@example.org"},
        {"unsubscribe": "https://x.example\r\nBcc: all@example.org"},
    ],
)
def test_what_no_header_can_hold_is_never_sent(peer: Peer, wrong: dict[str, str]) -> None:
    letter: Letter = replace(LETTER, **wrong)  # type: ignore[arg-type]
    assert by(peer).send(letter) == Answer("permanent", "unwritable")
    assert peer.raw == []


def test_an_address_beyond_ascii_goes_where_it_is_understood() -> None:
    with listening(utf8=True) as peer:
        assert by(peer).send(replace(LETTER, to="josé@exämple.org")) == Answer("sent")
        assert peer.recipients == ["josé@xn--exmple-cua.org"]
    with listening(utf8=False) as peer:
        refused = Answer("permanent", "address_needs_smtputf8")
        assert by(peer).send(replace(LETTER, to="josé@example.org")) == refused
        assert by(peer).send(replace(LETTER, to="jose@exämple.org")) == Answer("sent")


@pytest.fixture
def contexts(tmp_path: Path) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    return certificate(tmp_path)


@pytest.mark.parametrize(("scheme", "query", "implicit"), [("smtp", "?starttls", False), ("smtps", "", True)])
def test_tls_and_a_password_are_used_as_the_url_says(
    contexts: tuple[ssl.SSLContext, ssl.SSLContext], scheme: str, query: str, implicit: bool
) -> None:
    server, client = contexts
    login = f"{USER}:{quote(PASSWORD, safe='')}@"
    with listening(tls=server, implicit=implicit, auth=True) as peer:
        assert by(peer, scheme, login, query, trusted=client).send(LETTER) == Answer("sent")
        assert peer.protected == [True]
        assert peer.signed_in == [True]


def test_a_wrong_password_is_for_us_to_put_right() -> None:
    with listening(auth=True) as peer:
        assert by(peer, login=f"{USER}:wrong@").send(LETTER) == Answer("retry", "mail_server_refuses_us")
        assert by(peer).send(LETTER) == Answer("retry", "mail_server_refuses_us")


@pytest.mark.parametrize(("scheme", "query"), [("smtp", "?starttls"), ("smtps", "")])
def test_a_server_that_cannot_prove_itself_gets_nothing(
    contexts: tuple[ssl.SSLContext, ssl.SSLContext], scheme: str, query: str
) -> None:
    with listening(tls=contexts[0], implicit=scheme == "smtps") as peer:
        assert by(peer, scheme, query=query).send(LETTER) == Answer("retry", "mail_server_not_trusted")
        assert peer.raw == []


def test_where_starttls_is_demanded_nothing_goes_without_it(peer: Peer) -> None:
    assert by(peer, query="?starttls").send(LETTER) == Answer("retry", "mail_server_not_trusted")
    assert peer.raw == []


def test_a_password_is_never_said_in_the_clear_to_another_machine(peer: Peer) -> None:
    elsewhere = f"0.0.0.0:{peer.port}"  # this machine too, but no loopback address
    refused = Answer("retry", "mail_server_not_trusted")
    assert Smtp(f"smtp://{USER}:x@{elsewhere}", FROM).send(LETTER) == refused
    assert peer.raw == []
    assert Smtp(f"smtp://{elsewhere}", FROM).send(LETTER) == Answer("sent")


def test_starttls_is_used_where_another_machine_offers_it(
    contexts: tuple[ssl.SSLContext, ssl.SSLContext],
) -> None:
    with listening(tls=contexts[0]) as peer:
        refused = Answer("retry", "mail_server_not_trusted")
        assert Smtp(f"smtp://0.0.0.0:{peer.port}", FROM).send(LETTER) == refused
        assert by(peer).send(LETTER) == Answer("sent")
        assert peer.protected == [False]


def test_the_worker_sends_by_smtp_where_a_server_is_set(house: House, peer: Peer) -> None:
    house.begin("sms", "email")
    house.happens(milestone())
    parts = Parts(replace(house.parts.settings, smtp_url=f"smtp://127.0.0.1:{peer.port}", email_from=FROM))
    for rung in house.rung:
        deliverer(house.parts.engine, house.parts.vault, parts.channels(), {}, house.clock)(*rung)
    assert house.states() == [("delivered", None), ("sent", None)]
    assert [channel for channel, _, _ in house.sent()] == ["sms"]
    [mail] = peer.taken
    assert (mail["To"], mail["From"]) == (ADDRESS, "Northside <care@example.org>")
    parts.close()
