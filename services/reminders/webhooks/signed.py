"""Whether a request is the provider's: by its signature over the address that it knows us by."""

from __future__ import annotations

from flask import request

from services.reminders.channels.sms import is_genuine
from shared.logs import logger
from shared.problems import Problem

log = logger()


def must_be_genuine(auth_token: str, address: str) -> None:
    """Raises Problem 403 for a request that the provider has not signed for this public address."""
    query = request.query_string.decode("latin-1")
    url = f"{address}?{query}" if query else address
    signature = request.headers.get("X-Twilio-Signature", "")
    if not signature or not is_genuine(auth_token, url, request.form, signature):
        log.warning("callback refused", signed=bool(signature))
        raise Problem(403, "The signature is not the provider's for this address and this form.")
