"""How a message and a page of messages look in the provider's answers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from email.utils import format_datetime
from typing import Any
from urllib.parse import urlencode

from infra.standin.accepted import Message

VERSION = "2010-04-01"


def message(account: str, one: Message) -> dict[str, Any]:
    """A message, with every field that the provider's has."""
    place = f"/{VERSION}/Accounts/{account}/Messages/{one.sid}"
    return {
        "account_sid": account,
        "api_version": VERSION,
        "body": one.body,
        "date_created": _time(one.created_at),
        "date_sent": _time(one.sent_at),
        "date_updated": _time(one.updated_at),
        "direction": "outbound-api",
        "error_code": one.error_code,
        "error_message": None,
        "from": one.sender,
        "messaging_service_sid": one.service,
        "num_media": "0",
        "num_segments": "1" if one.sender else "0",
        "price": None,
        "price_unit": "USD",
        "sid": one.sid,
        "status": one.status,
        "subresource_uris": {"media": f"{place}/Media.json"},
        "to": one.to,
        "uri": f"{place}.json",
    }


def page(
    account: str, found: Sequence[Message], asked: dict[str, str], *, number: int, size: int
) -> dict[str, Any]:
    """Page `number`, counted from 0, of what was found; `asked` are the filters that its links repeat."""
    here = found[number * size : (number + 1) * size]

    def link(to: int) -> str:
        query = asked | {"PageSize": str(size), "Page": str(to)}
        if to > 0:
            query["PageToken"] = f"PA{found[to * size - 1].sid}"
        return f"/{VERSION}/Accounts/{account}/Messages.json?{urlencode(query)}"

    return {
        "first_page_uri": link(0),
        "previous_page_uri": link(number - 1) if number > 0 else None,
        "next_page_uri": link(number + 1) if (number + 1) * size < len(found) else None,
        "uri": link(number) if here else link(0),
        "page": number,
        "page_size": size,
        "start": number * size,
        "end": number * size + max(0, len(here) - 1),
        "messages": [message(account, one) for one in here],
    }


def _time(moment: datetime | None) -> str | None:
    return format_datetime(moment) if moment else None
