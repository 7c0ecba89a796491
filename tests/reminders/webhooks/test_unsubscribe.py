"""One press or one click ends the e-mails for good; looking does nothing, and nobody can make up a link."""

import base64
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from urllib.parse import urlsplit
from uuid import UUID, uuid4

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text

from services.reminders.app import create_app
from services.reminders.channels import Answer, Letter
from services.reminders.links import Links
from services.reminders.parts import Parts
from services.reminders.sending.deliver import deliverer
from shared.events import ClientRegistered, ConsentWithdrawn, Event
from shared.sealing import derive
from shared.settings import Settings, SettingsError
from tests.reminders.house import (
    ADDRESS,
    CLIENT,
    HER_MAIL,
    MAIL,
    NAME,
    REGISTERED,
    House,
    consent,
    milestone,
)

PUBLIC = "https://reminders.example.org"
ONE_CLICK = {"List-Unsubscribe": "One-Click"}


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return replace(settings, reminders_public_url=PUBLIC)


@pytest.fixture
def door(settings: Settings) -> Iterator[FlaskClient]:
    app = create_app(settings)
    yield app.test_client()
    app.extensions["parts"].close()


def link(house: House, client: UUID = CLIENT) -> str:
    made = house.parts.links.unsubscribe(client, "email")
    assert made
    return urlsplit(made).path


def opted_out(house: House) -> int:
    with house.parts.engine.connect() as connection:
        return int(connection.execute(text("SELECT count(*) FROM opt_out")).scalar_one())


def test_every_email_says_how_it_is_ended_and_no_sms_does(house: House) -> None:
    letters: list[Letter] = []

    def keep(letter: Letter) -> Answer:
        letters.append(letter)
        return Answer("sent")

    house.begin("sms", "email")
    house.happens(milestone())
    parts = house.parts
    deliver = deliverer(
        parts.engine, parts.vault, {"sms": keep, "email": keep}, {}, house.clock, parts.links
    )  # fmt: skip
    for rung in house.rung:
        deliver(*rung)
    assert {letter.channel: letter.unsubscribe for letter in letters} == {
        "sms": None,
        "email": PUBLIC + link(house),
    }


def test_looking_at_the_page_changes_nothing(house: House, door: FlaskClient) -> None:
    house.begin("email")
    for method in ("GET", "HEAD"):
        page = door.open(link(house), method=method)
        assert (page.status_code, page.content_type) == (200, "text/html; charset=utf-8")
    assert opted_out(house) == 0
    house.happens(milestone())
    assert house.answer() == ["delivered"]


@pytest.mark.parametrize("form", ["application/x-www-form-urlencoded", "multipart/form-data"])
def test_one_click_ends_the_emails_for_good_and_again_is_harmless(
    house: House, door: FlaskClient, form: str
) -> None:
    house.begin("sms", "email")
    house.happens(milestone())
    for _ in range(2):
        assert door.post(link(house), data=ONE_CLICK, content_type=form).status_code == 200
    assert opted_out(house) == 1
    assert sorted(map(str, house.answer())) == ["None", "delivered"]
    assert house.states() == [("delivered", None), ("suppressed", "opted_out")]
    assert [channel for channel, _, _ in house.sent()] == ["sms"]


def test_no_consent_and_no_new_contact_with_that_address_lifts_it(house: House, door: FlaskClient) -> None:
    house.begin("email")
    door.post(link(house), data=ONE_CLICK)
    old, new = uuid4(), uuid4()
    withdrawn = ConsentWithdrawn(consent_id=old, contact_id=MAIL, scope="email")
    again: list[Event] = [withdrawn, replace_mail(new), consent("email", new), milestone()]
    house.happens(*again)
    assert house.answer() == [None]
    assert house.states() == [("suppressed", "opted_out")]


def replace_mail(contact_id: UUID) -> Event:
    return type(HER_MAIL)(
        contact_id=contact_id, channel="email", address=ADDRESS.upper(), verified_by="reply"
    )  # fmt: skip


def test_it_ends_them_for_her_alone(house: House, door: FlaskClient) -> None:
    other = uuid4()
    house.begin("email")
    house.happens(REGISTERED, record=other)
    door.post(link(house, other), data=ONE_CLICK)
    house.happens(milestone())
    assert house.answer() == ["delivered"]


def test_a_post_without_the_field_does_nothing(house: House, door: FlaskClient) -> None:
    house.begin("email")
    for data in ({}, {"List-Unsubscribe": "Two-Click"}):
        answer = door.post(link(house), data=data)
        assert (answer.status_code, answer.content_type) == (422, "application/problem+json")
    assert opted_out(house) == 0


def test_an_altered_link_is_no_link(house: House, door: FlaskClient) -> None:
    house.begin("email")
    path = link(house)
    token = path.rpartition("/")[2]
    altered = [token[:i] + ("A" if token[i] != "A" else "B") + token[i + 1 :] for i in range(len(token))]
    altered += [token[:-1], token + "A", token + "=", token.swapcase(), "A" * len(token), "é", "A"]
    for wrong in altered:
        clicked = door.post(f"/unsubscribe/{wrong}", data=ONE_CLICK)
        assert (clicked.status_code, clicked.content_type) == (404, "application/problem+json")
        for page in (door.get(f"/unsubscribe/{wrong}"), door.get(f"/confirm/{wrong}")):
            assert (page.status_code, page.content_type) == (404, "text/html; charset=utf-8")
            assert "This link is not whole" in page.text
            assert "<form" not in page.text
    assert opted_out(house) == 0


def test_a_link_of_another_installation_is_no_link(house: House, door: FlaskClient) -> None:
    house.begin("email")
    foreign = Links(partial(derive, b"x" * 32), PUBLIC).unsubscribe(CLIENT, "email") or ""
    assert door.post(urlsplit(foreign).path, data=ONE_CLICK).status_code == 404
    for_sms = house.parts.links.unsubscribe(CLIENT, "sms") or ""
    assert door.post(urlsplit(for_sms).path, data=ONE_CLICK).status_code == 200
    house.happens(milestone())
    assert house.answer() == ["delivered"]


def test_a_link_names_her_record_and_nothing_about_her(house: House, door: FlaskClient) -> None:
    house.begin("email")
    token = link(house).rpartition("/")[2]
    assert base64.urlsafe_b64decode(token[:22] + "==") == CLIENT.bytes
    assert len(token) == 22 + 43
    shown = door.get(link(house)).text + door.post(link(house), data=ONE_CLICK).text
    for personal in (ADDRESS, NAME, str(CLIENT)):
        assert personal not in shown


def test_the_page_is_plain_accessible_and_loads_nothing(house: House, door: FlaskClient) -> None:
    house.begin("email")
    page = door.get(link(house))
    assert '<html lang="en">' in page.text
    assert page.text.count("<button") == 1
    assert page.text.count("<h1>") == 1
    assert '<input type="hidden" name="List-Unsubscribe" value="One-Click">' in page.text
    assert "Northside" in page.text
    for forbidden in ("<script", "<img", "http://", "https://", "src="):
        assert forbidden not in page.text
    assert page.headers["Content-Security-Policy"].startswith("default-src 'none'; style-src 'nonce-")
    assert "form-action 'self'" in page.headers["Content-Security-Policy"]
    done = door.post(link(house), data=ONE_CLICK).text
    assert "<button" not in done
    assert 'role="status"' in done


def test_the_page_speaks_her_language(house: House, door: FlaskClient) -> None:
    house.begin()
    house.happens(ClientRegistered(locale="es", time_zone="UTC", adult=True, name=NAME), record=uuid4())
    hers = uuid4()
    house.happens(ClientRegistered(locale="es-MX", time_zone="UTC", adult=True, name=NAME), record=hers)
    page = door.get(link(house, hers)).text
    assert '<html lang="es">' in page
    assert "No recibir más correos" in page


def test_a_link_of_someone_we_know_no_more_is_answered_all_the_same(house: House, door: FlaskClient) -> None:
    gone = link(house, uuid4())
    assert door.get(gone).status_code == 200
    assert door.post(gone, data=ONE_CLICK).status_code == 200
    assert opted_out(house) == 0


def test_an_opt_out_is_kept_without_the_address(house: House, door: FlaskClient) -> None:
    house.begin("email")
    door.post(link(house), data=ONE_CLICK)
    with house.parts.engine.connect() as connection:
        [row] = connection.execute(text("SELECT * FROM opt_out")).mappings()
    assert (row["channel"], row["source"], len(row["address_hash"])) == ("email", "link", 32)


def test_no_email_leaves_where_it_could_not_say_how_it_is_ended(settings: Settings) -> None:
    parts = Parts(replace(settings, smtp_url="smtp://127.0.0.1:25", reminders_public_url=None))
    with pytest.raises(SettingsError, match="CAIRN_REMINDERS_PUBLIC_URL is not set"):
        _ = parts.links
