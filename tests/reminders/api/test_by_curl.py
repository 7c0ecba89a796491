"""What the page shows as curl commands to the reminder service can be sent, and leaves no list out."""

from flask import Flask

from tests.by_curl import shown
from tests.reminders.api.test_app import bearer
from tests.reminders.house import CLIENT, CLINIC, House, unknown


def test_every_list_is_on_the_page_and_works(house: House, app: Flask) -> None:
    house.begin("sms")
    values = {
        "MESSAGE": str(unknown(house)),
        "TEXT": str(house.hears("my sister said so too")),
        "CLINIC": str(CLINIC),
        "SERVICE": f"Authorization: {bearer('service')['Authorization']}",
        "CLIENT": str(CLIENT),
        "LEAD": f"Authorization: {bearer('lead')['Authorization']}",
        "OPERATOR": f"Authorization: {bearer('operator', None)['Authorization']}",
    }
    routes = app.url_map.bind("localhost")
    seen = set()
    for request in shown("REMINDERS", values):
        answer = app.test_client().open(
            request.path,
            method=request.method,
            headers=request.headers,
            data=request.body,
            content_type="application/x-www-form-urlencoded" if request.body else None,
        )
        assert (answer.status_code, request.line) == (200, request.line)
        rule, _ = routes.match(request.path.partition("?")[0], request.method, return_rule=True)
        seen.add(rule.rule)
    assert {rule.rule for rule in app.url_map.iter_rules() if rule.rule.startswith("/v1/")} <= seen
