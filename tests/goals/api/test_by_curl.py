"""What the page shows as curl commands can be sent, in the page's order, and leaves no operation out."""

from datetime import UTC, datetime, timedelta

from tests.by_curl import shown
from tests.controls import CLIENT, CLINIC, GOAL, THERAPIST
from tests.goals.api.callers import A_CLINIC, CLINIC_BODY, SOMEBODY, STAFF_BODY, Knock, named, today

WHO = ("therapist", "lead", "service", "operator")


def test_every_operation_is_on_the_page_and_works(knock: Knock) -> None:
    knock("operator", "PUT", A_CLINIC, CLINIC_BODY)
    knock("operator", "PUT", f"{A_CLINIC}/staff/{THERAPIST}", STAFF_BODY)
    knock("operator", "PUT", f"{A_CLINIC}/staff/{SOMEBODY}", STAFF_BODY | {"role": "lead"})
    values = {who.upper(): f"Authorization: {knock.bearer(who)}" for who in WHO} | {
        "SHE": f"Authorization: {knock.bearer('client')}",
        "JSON": "Content-Type: application/json",
        "CLINIC": str(CLINIC),
        "CLIENT": str(CLIENT),
        "GOAL": str(GOAL),
        "STAFF": str(named("staff")),
        "FACT": str(named("fact")),
        "ASKED": str(named("asked")),
        "TODAY": str(today()),
        "SOON": str(today() + timedelta(days=7)),
        "MONTH": str(today() + timedelta(days=30)),
    }
    routes = knock.app.url_map.bind("localhost")
    seen = set()
    for request in shown("GOALS", values | {"NOW": "$NOW"}):
        path = request.path.replace("$NOW", datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ"))
        answer = knock.client.open(path, method=request.method, headers=request.headers, data=request.body)
        right = 201 if request.method == "PUT" else 200
        assert (answer.status_code, request.line) == (right, request.line), answer.text
        rule, _ = routes.match(path.partition("?")[0], request.method, return_rule=True)
        seen.add((request.method, rule.rule))
    of_the_room = ("room.", "static")
    there = {
        (method, rule.rule)
        for rule in knock.app.url_map.iter_rules()
        if not rule.endpoint.startswith(of_the_room)
        for method in rule.methods or ()
    }
    assert seen == {(method, rule) for method, rule in there if method not in ("HEAD", "OPTIONS")}
