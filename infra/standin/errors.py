"""The provider's own words for what goes wrong, in the shape that it answers them."""

from __future__ import annotations

from flask import Response, jsonify

WORDS: dict[int, tuple[int, str]] = {
    20003: (401, "Authenticate"),
    20009: (409, "Cannot change this resource before it is complete"),
    20404: (404, "The requested resource {subject} was not found"),
    20429: (429, "Too Many Requests"),
    20500: (500, "An internal server error has occurred"),
    21211: (400, "The 'To' number {subject} is not a valid phone number."),
    21602: (400, "Message body is required."),
    21603: (400, "A 'From' phone number is required."),
    21604: (400, "A 'To' phone number is required."),
    21609: (400, "The 'StatusCallback' URL {subject} is not a valid URL."),
    21610: (400, "Attempt to send to unsubscribed recipient"),
    21611: (400, "This 'From' number has exceeded the maximum number of queued messages"),
    21614: (400, "'To' number {subject} is not a valid mobile number"),
    21617: (400, "The concatenated message body exceeds the 1600 character limit"),
    21701: (400, "The Messaging Service {subject} does not exist"),
    30000: (400, "The body can only be emptied"),
    90007: (400, "Invalid validity period value"),
}
"""By code: the HTTP status and the message."""


def error(code: int, subject: str = "", *, retry_after: int | None = None) -> Response:
    """The answer for this code; `subject` is the number, address or path that it complains of."""
    status, words = WORDS[code]
    answer = jsonify(
        code=code,
        message=words.format(subject=subject),
        more_info=f"https://www.twilio.com/docs/errors/{code}",
        status=status,
    )
    answer.status_code = status
    if retry_after is not None:
        answer.headers["Retry-After"] = str(retry_after)
    if status == 401:
        answer.headers["WWW-Authenticate"] = 'Basic realm="Twilio API"'
    return answer
