"""The operations that the service offers: what each is for, what it answers, and how it may refuse."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from services.reminders.api.asked import AHEAD, QUERY
from shared import key_set
from shared.described import ALWAYS, told
from shared.unchanged import ETAG, HELD

PAGE = {"type": "string"}
Refusals = Mapping[int, str | dict[str, Any]]
"""Why, as a problem, by the status; or what is answered instead of one."""
AWAY: dict[int, str | dict[str, Any]] = {
    503: "The database cannot be reached; come back after Retry-After seconds."
}
NOT_YET: dict[int, str | dict[str, Any]] = {
    503: "The database cannot be reached, or has not been migrated yet; come back after Retry-After seconds."
}
NOT_OURS: dict[int, str | dict[str, Any]] = {
    404: told("No such link was ever made: a page that says so.", PAGE, "text/html")
}
ENDED: dict[int, str | dict[str, Any]] = {
    404: told("No such link was ever made: a page that says how to get one.", PAGE, "text/html"),
    410: told("It has ended, or she is known no more: the same page.", PAGE, "text/html"),
}


@dataclass(frozen=True)
class Operation:
    """An operation: what it is called and is for, what it answers, and how it may refuse."""

    name: str
    tag: str
    summary: str
    answer: dict[str, Any]
    refusals: Refusals = field(default_factory=dict)
    signed: bool = False
    status: int = 200
    query: tuple[dict[str, Any], ...] = ()
    form: dict[str, Any] | None = None


OPERATIONS = {
    ("GET", "/v1/clients/<uuid:client>/messages"): Operation(
        "messages",
        "messages",
        "A client's messages and answers, oldest first. For her, her team, leads of her clinic, services.",
        told("A page of messages, and what she answered meanwhile.", "MessagePage", headers=ETAG),
        ALWAYS | {422: "Another parameter, or a cursor that is none."},
        signed=True,
        query=(HELD, *QUERY),
    ),
    ("GET", "/v1/clients/<uuid:client>/preview"): Operation(
        "preview",
        "messages",
        "What she will get in the coming days if nothing happens meanwhile, and what not, and why. For whom "
        "her messages are.",
        told("What is to come, by her own clock.", "PreviewPage", headers=ETAG),
        ALWAYS | {422: "Another parameter, or days that are no number from 1 to 31."},
        signed=True,
        query=(HELD, *AHEAD),
    ),
    ("GET", "/v1/messages"): Operation(
        "unknownMessages",
        "messages",
        "Messages that may have gone, and nobody can tell: oldest first, ids and times only. For operators.",
        told("A page of them.", "UnknownPage", headers=ETAG),
        {status: what for status, what in ALWAYS.items() if status != 404}
        | {422: "Another state or parameter, or a cursor that is none."},
        signed=True,
        query=(
            {
                "in": "query",
                "name": "state",
                "required": True,
                "schema": {"const": "unknown"},
                "description": "The one state that is listed.",
            },
            HELD,
            *QUERY,
        ),
    ),
    ("GET", "/v1/clients/<uuid:client>/texts"): Operation(
        "texts",
        "texts",
        "What she wrote that was not understood, or worries, in her words: the latest 50, the latest first. "
        "For the goals service, which shows it to her team and keeps the log of looks.",
        told("They are.", "TextPage", headers=ETAG),
        ALWAYS | NOT_YET,
        signed=True,
        query=(HELD,),
    ),
    ("PUT", "/v1/clients/<uuid:client>/texts/<uuid:text>/read"): Operation(
        "readText",
        "texts",
        "Somebody of her team, the token's sub, has read it; again changes nothing: who was first stands.",
        told("The text, with when it was read.", "Text"),
        ALWAYS | NOT_YET,
        signed=True,
    ),
    ("GET", "/v1/clinics/<uuid:clinic>/texts"): Operation(
        "unreadTexts",
        "texts",
        "Of which clients of a clinic there are unread texts, and how many. For the goals service.",
        told("The clients.", "UnreadPage", headers=ETAG),
        ALWAYS | NOT_YET,
        signed=True,
        query=(HELD,),
    ),
    ("PUT", "/v1/messages/<uuid:message>/decision"): Operation(
        "decideMessage",
        "messages",
        "What an operator found out about an unknown message; the same again changes nothing.",
        told("It is settled so.", "Decided"),
        ALWAYS | {409: "It is known already what became of it.", 422: "The form lacks its field."},
        signed=True,
        form={"state": {"enum": ["delivered", "failed"]}},
    ),
    ("POST", "/twilio/status"): Operation(
        "twilioStatus",
        "webhooks",
        "What became of an SMS, told by Twilio and signed by it; told again changes nothing.",
        {"description": "It is written down."},
        {403: "The signature is not Twilio's.", 422: "It is no status callback."} | AWAY,
        status=204,
        query=({"in": "query", "name": "message", "schema": {"type": "string", "format": "uuid"}},),
        form={"MessageSid": {"type": "string"}, "MessageStatus": {"type": "string"}},
    ),
    ("POST", "/twilio/inbound"): Operation(
        "twilioInbound",
        "webhooks",
        "A text that somebody wrote to us, signed by Twilio; brought again it changes nothing.",
        told("Nothing: what is answered goes by the ledger.", PAGE, "text/xml"),
        {403: "The signature is not Twilio's.", 422: "It is no text."} | AWAY,
        form={name: {"type": "string"} for name in ("MessageSid", "From", "To", "Body")},
    ),
    ("GET", "/unsubscribe/<token>"): Operation(
        "unsubscribePage",
        "webhooks",
        "The page behind the link in an e-mail; looking at it changes nothing.",
        told("A page with one button.", PAGE, "text/html"),
        NOT_OURS | AWAY,
    ),
    ("POST", "/unsubscribe/<token>"): Operation(
        "unsubscribe",
        "webhooks",
        "Ends these e-mails, by the page's button or by one click (RFC 8058); again changes nothing.",
        told("A page that says so.", PAGE, "text/html"),
        {404: "No such link was ever made.", 422: "The form lacks its field."} | AWAY,
        form={"List-Unsubscribe": {"const": "One-Click"}},
    ),
    ("GET", "/confirm/<token>"): Operation(
        "confirmPage",
        "webhooks",
        "The page behind the link in a welcome; looking at it changes nothing.",
        told("A page with one button.", PAGE, "text/html"),
        NOT_OURS | AWAY,
    ),
    ("POST", "/confirm/<token>"): Operation(
        "confirm",
        "webhooks",
        "Says that the address is hers, by the page's button; again changes nothing.",
        told("A page that says so, or that the address is no longer the one.", PAGE, "text/html"),
        {404: "No such link was ever made."} | AWAY,
    ),
    ("GET", "/me/<token>"): Operation(
        "clientsPage",
        "webhooks",
        "Her own page, behind the link that PLAN and e-mails give her; looking at it changes nothing.",
        told("Counts, what is coming, and what she can switch.", PAGE, "text/html"),
        ENDED | AWAY,
    ),
    ("POST", "/me/<token>"): Operation(
        "pressOnClientsPage",
        "webhooks",
        "One of the page's buttons: it acts at once, as she; pressed again it changes nothing.",
        {"description": "Back to the page, which says how it is now."},
        ENDED
        | {
            403: "The form is not from this page.",
            422: told("It cannot be read, and nothing changed: the page, which says so.", PAGE, "text/html"),
        }
        | AWAY,
        status=303,
        form={
            "act": {"enum": ["pause", "resume", "hours", "switch", "stop", "start"]},
            "form": {"type": "string"},
        },
    ),
    ("GET", "/outbox"): Operation(
        "outbox",
        "outbox",
        "The phones and the inboxes as clients see them; by Accept as JSON.",
        {
            "description": "What arrived.",
            "content": {
                "text/html": {"schema": PAGE},
                "application/json": {"schema": {"$ref": "#/components/schemas/OutboxPage"}},
            },
        },
        {404: "Asked from another machine, or through a proxy."} | AWAY,
    ),
    ("GET", key_set.PATH): Operation(
        "publicKeys",
        "service",
        "The public keys by which a token of this installation is checked (RFC 7517).",
        told("They are.", "KeySet", key_set.CONTENT_TYPE),
    ),
    ("GET", "/healthz"): Operation("healthz", "service", "The process answers.", told("It does.", "Health")),
    ("GET", "/readyz"): Operation(
        "readyz",
        "service",
        "Requests can be served: the database is reached, and its tables are there.",
        told("They can.", "Health"),
        {503: "Not now; the detail says why."},
    ),
    ("GET", "/metrics"): Operation(
        "metrics",
        "service",
        "What the ledger holds and how late we are, as Prometheus reads it.",
        told("The figures.", PAGE, "text/plain"),
        AWAY,
    ),
    ("GET", "/openapi.json"): Operation(
        "openapi", "service", "This description.", told("An OpenAPI document.", {"type": "object"})
    ),
    ("GET", "/docs"): Operation(
        "docs", "service", "This description, for people.", told("A page.", PAGE, "text/html")
    ),
}
"""Every operation, by its method and its rule."""
