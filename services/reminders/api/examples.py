"""An answer and a form of each kind as the description shows it: the story of Maya, a clinic's client."""

from __future__ import annotations

from typing import Any

MESSAGE = "6e4c45cd-d3e9-55c9-a2fa-7842692fdbc0"
CLIENT = "0198c2f4-6a1e-7c3b-9d2e-5f6071829302"
CLINIC = "0198c2f4-6a1e-7c3b-9d2e-5f6071829300"
SAID: dict[str, Any] = {
    "id": MESSAGE,
    "kinds": ["celebration"],
    "channel": "sms",
    "state": "delivered",
    "cause": None,
    "merged_into": None,
    "held_until": None,
    "planned_at": "2026-12-02T14:10:01Z",
    "sent_at": "2026-12-02T14:10:02Z",
    "said_at": "2026-12-02T14:10:02Z",
    "settled_at": "2026-12-02T14:10:04Z",
    "consent_id": "0198c2f4-6a1e-7c3b-9d2e-5f607182930a",
    "clock_offset": 0,
    "correlation_id": "0198c2f4-6a1e-7c3b-9d2e-5f607182930d",
}
ANSWERED: dict[str, Any] = {
    "id": "0198c2f4-6a1e-7c3b-9d2e-5f607182930e",
    "channel": "sms",
    "intent": "done",
    "safety": False,
    "received_at": "2026-12-02T14:09:58Z",
}
WRITTEN: dict[str, Any] = {
    "id": "0198c2f4-6a1e-7c3b-9d2e-5f607182930f",
    "channel": "sms",
    "intent": "unknown",
    "safety": False,
    "received_at": "2026-12-02T14:12:31Z",
    "text": "is it alright if I bring my sister on monday",
    "read_at": None,
    "read_by": None,
}
UNREAD: dict[str, Any] = {"client_id": CLIENT, "unread": 1}
PUBLISHED = {
    "kid": "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k",
    "kty": "OKP",
    "crv": "Ed25519",
    "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo",
    "use": "sig",
    "alg": "EdDSA",
}
"""The key of RFC 8037's own example."""
NOBODY_KNOWS: dict[str, Any] = {
    "id": MESSAGE,
    "client_id": CLIENT,
    "clinic_id": CLINIC,
    "channel": "sms",
    "cause": "timed_out",
    "provider_id": None,
    "claimed_at": "2026-12-02T14:10:02Z",
    "settled_at": "2026-12-02T14:10:17Z",
    "asked_again_at": "2026-12-02T14:15:17Z",
}
ARRIVED: dict[str, Any] = {
    "channel": "sms",
    "to": "+15035550199",
    "subject": None,
    "text": "Northside: you did it. Reply STOP to end.",
    "html": None,
    "at": "2026-12-02T14:10:04Z",
}
COMING: dict[str, Any] = {
    "at": "2026-12-07T09:00:00-05:00",
    "due_at": "2026-12-07T08:00:00-05:00",
    "put_off_by": "quiet_hours",
    "channel": "sms",
    "kinds": ["practice"],
    "subject": None,
    "text": "Northside: a small reminder. Reply STOP to end.",
}
HELD_BACK: dict[str, Any] = {
    "at": "2026-12-08T09:00:00-05:00",
    "channel": "sms",
    "kind": "rating",
    "cause": "rated_lately",
}
ANSWERS: dict[str, Any] = {
    "Message": SAID,
    "Answer": ANSWERED,
    "MessagePage": {"items": [SAID], "answers": [ANSWERED], "next": None},
    "UnknownMessage": NOBODY_KNOWS,
    "UnknownPage": {"items": [NOBODY_KNOWS], "next": None},
    "PreviewPage": {"items": [COMING], "held_back": [HELD_BACK], "stands_still": None, "next": None},
    "Text": WRITTEN,
    "TextPage": {"items": [WRITTEN]},
    "Unread": UNREAD,
    "UnreadPage": {"items": [UNREAD]},
    "Decided": {"id": MESSAGE, "state": "delivered"},
    "OutboxItem": ARRIVED,
    "OutboxPage": {"items": [ARRIVED]},
    "Health": {"status": "ready"},
    "KeySet": {"keys": [PUBLISHED]},
}
"""By the names of their schemas."""
FORM: dict[str, str] = {
    "MessageSid": "SM00000000000000000000000000000001",
    "MessageStatus": "delivered",
    "From": "+15035550199",
    "To": "+15035550142",
    "Body": "done 2",
    "List-Unsubscribe": "One-Click",
    "act": "resume",
    "state": "delivered",
    "form": "Jm0S2q1y7cWk9tq0c2uU3l7nqGkq3V0bE4Yw1m1pQeA",
}
"""What each field of a form may hold."""
