"""The part of the provider's REST API that sends, lists, fetches and redacts messages."""

from __future__ import annotations

import re
import time
from datetime import UTC, datetime
from urllib.parse import urlsplit

from flask import Blueprint, Response, jsonify, request
from werkzeug.datastructures import MultiDict

from infra.standin import shown
from infra.standin.accepted import FINAL, Message
from infra.standin.errors import error
from infra.standin.provider import Provider
from infra.standin.script import Script

LONGEST_BODY = 1600
LONGEST_VALIDITY = 36_000
HANG_SECONDS = 600
A_NUMBER = re.compile(r"\+[1-9]\d{6,14}")


def messages(provider: Provider) -> Blueprint:
    """The routes below /2010-04-01/Accounts/<account>."""
    pages = Blueprint("messages", __name__, url_prefix=f"/{shown.VERSION}/Accounts/{provider.account}")

    @pages.before_request
    def sign_in() -> Response | None:
        given = request.authorization
        good = given and (given.username, given.password) == (provider.account, provider.token)
        return None if good else error(20003)

    @pages.post("/Messages.json")
    def send() -> Response:
        wrong = _refuses(request.form, provider)
        if wrong:
            return wrong
        if provider.texts.blocks(request.form["To"]):
            return error(21610, request.form["To"])
        script = provider.scripts.take(request.form["To"])
        if script.answer in {"accept", "500_after", "hang_after", "reset_after"}:
            return _answer(provider, script, _accept(provider, script))
        return _answer(provider, script, None)

    @pages.get("/Messages.json")
    def listed() -> Response:
        asked = {name: text for name, text in request.args.items() if not name.startswith("Page")}
        found = [one for one in reversed(provider.accepted.all()) if _matches(one, asked)]
        size = min(1000, max(1, request.args.get("PageSize", 50, type=int)))
        number = max(0, request.args.get("Page", 0, type=int))
        return jsonify(shown.page(provider.account, found, asked, number=number, size=size))

    @pages.get("/Messages/<sid>.json")
    def fetched(sid: str) -> Response:
        one = provider.accepted.find(sid)
        return jsonify(shown.message(provider.account, one)) if one else error(20404, request.path)

    @pages.post("/Messages/<sid>.json")
    def changed(sid: str) -> Response:
        one = provider.accepted.find(sid)
        if one is None:
            return error(20404, request.path)
        if request.form.get("Body") != "":
            return error(30000)
        if one.status not in FINAL:
            return error(20009)
        return jsonify(shown.message(provider.account, provider.accepted.redact(sid)))

    return pages


def _refuses(form: MultiDict[str, str], provider: Provider) -> Response | None:
    """What the provider finds wrong with a message before it looks at the number."""
    to, service = form.get("To", ""), form.get("MessagingServiceSid")
    callback = form.get("StatusCallback")
    if not to:
        return error(21604)
    if not A_NUMBER.fullmatch(to):
        return error(21211, to)
    if not (service or form.get("From")):
        return error(21603)
    if service and service != provider.service:
        return error(21701, service)
    if not form.get("Body"):
        return error(21602)
    if len(form["Body"]) > LONGEST_BODY:
        return error(21617)
    if callback and not (urlsplit(callback).scheme in {"http", "https"} and urlsplit(callback).hostname):
        return error(21609, callback)
    validity = form.get("ValidityPeriod", str(LONGEST_VALIDITY))
    if not (validity.isdigit() and 1 <= int(validity) <= LONGEST_VALIDITY):
        return error(90007)
    return None


def _accept(provider: Provider, script: Script) -> Message:
    form = request.form
    message = provider.accepted.add(
        to=form["To"],
        body=form["Body"],
        sender=form.get("From"),
        service=form.get("MessagingServiceSid"),
        status_callback=form.get("StatusCallback"),
        validity_period=int(form.get("ValidityPeriod", LONGEST_VALIDITY)),
    )
    provider.send_on(message, script)
    return message


def _answer(provider: Provider, script: Script, message: Message | None) -> Response:
    if script.takes:
        time.sleep(script.takes)
    match script.answer:
        case "accept":
            assert message
            answer = jsonify(shown.message(provider.account, message))
            answer.status_code = 201
            return answer
        case "21211" | "21610" | "21611" | "21614":
            return error(int(script.answer), request.form["To"])
        case "429":
            return error(20429, retry_after=script.retry_after)
        case "500" | "500_after":
            return error(20500)
        case "hang" | "hang_after":
            provider.closing.wait(HANG_SECONDS)
            raise ConnectionAbortedError
        case "reset" | "reset_after":
            raise ConnectionResetError


def _matches(one: Message, asked: dict[str, str]) -> bool:
    sent = one.sent_at
    day = asked.get("DateSent")
    before, after = _instant(asked.get("DateSent<")), _instant(asked.get("DateSent>"))
    return (
        asked.get("To", one.to) == one.to
        and asked.get("From", one.sender) == one.sender
        and (day is None or (sent is not None and f"{sent:%Y-%m-%d}" == day[:10]))
        and (before is None or (sent is not None and sent <= before))
        and (after is None or (sent is not None and sent >= after))
    )


def _instant(text: str | None) -> datetime | None:
    moment = datetime.fromisoformat(text) if text else None
    return moment.replace(tzinfo=UTC) if moment and moment.tzinfo is None else moment
