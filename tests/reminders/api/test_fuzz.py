"""Whatever is asked of the reminder service, the answer is one that its description names."""

from shared.events import TeamSet
from tests.controls import THERAPIST
from tests.fuzzing import CASES, Fuzz, asked
from tests.reminders.api.test_app import bearer
from tests.reminders.house import CLIENT, milestone
from tests.reminders.wired import Wired


def test_no_request_is_answered_otherwise_than_described(wired: Wired) -> None:
    wired.house.begin("sms", "email")
    wired.house.happens(TeamSet(staff_ids=(THERAPIST,)))
    wired.house.happens(milestone())
    callers = {
        "therapist": bearer("therapist"),
        "client": bearer("client", client=CLIENT),
        "service": bearer("service", None),
        "operator": bearer("operator", None),
        "nobody": {},
    }
    answers = asked(Fuzz(wired.url, callers, {"client": [str(CLIENT)]}, cases=2 * CASES))
    assert set(answers) <= {2, 3, 4}
    assert answers[2] > 0
