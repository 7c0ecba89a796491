"""A new master key leaves what outlives it: who opted out, whose a number is, and links that were sent."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import urlsplit

from services.reminders import contacts
from services.reminders.ledger import opt_out
from services.reminders.parts import Parts
from shared.database import engine
from shared.masters import Given
from shared.rekey import rekey
from shared.settings import Settings
from tests.reminders.conftest import KEY
from tests.reminders.house import CLIENT, CLINIC, NOW, NUMBER, House

NEW = b"n" * 32
PUBLIC = "https://reminders.example.org"


def rekeyed(settings: Settings) -> Parts:
    """A house that knows the new master key alone, once all was wrapped by it."""
    keys = engine(settings.require("reminders_vault_database_url"), pool_size=1)
    rekey(keys, Given([NEW, KEY]))
    keys.dispose()
    return Parts(replace(settings, master_key=NEW, reminders_public_url=PUBLIC))


def test_who_opted_out_stays_so_and_a_number_is_still_hers(house: House, settings: Settings) -> None:
    house.begin("sms")
    hashed = opt_out.address_hash(house.parts.vault, CLINIC, "sms", NUMBER)
    with house.parts.engine.begin() as connection:
        opt_out.record(connection, [hashed], "sms", "reply", NOW)
    after = rekeyed(settings)
    with after.engine.connect() as connection:
        again = opt_out.address_hash(after.vault, CLINIC, "sms", NUMBER)
        assert opt_out.stands(connection, [again])
        found = contacts.holders(connection, "sms", contacts.address_hash(after.vault, "sms", NUMBER))
        assert [holder.client_id for holder in found] == [CLIENT]
    after.close()


def test_a_link_that_was_sent_before_is_known_after(settings: Settings) -> None:
    before = Parts(replace(settings, reminders_public_url=PUBLIC))
    out, page = before.links.unsubscribe(CLIENT, "email"), before.links.page(CLIENT, NOW)
    before.close()
    after = rekeyed(settings)
    assert out is not None
    assert page is not None
    meant = after.links.read_unsubscribe(urlsplit(out).path.rpartition("/")[2])
    opened = after.links.read_page(urlsplit(page).path.rpartition("/")[2])
    assert (meant and meant.client_id, opened and opened.client_id) == (CLIENT, CLIENT)
    after.close()
