"""The operations on goals: drafting, setting, adjusting, and what is done about them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response, request

from services.goals.api.answers import removed, written
from services.goals.api.body import load
from services.goals.api.call import Call
from services.goals.api.clients import CLIENT
from services.goals.api.conditions import version_read
from services.goals.api.door import Door, header
from services.goals.api.goal_bodies import (
    AdjustmentBody,
    ClosureBody,
    DraftBody,
    FocusBody,
    GoalBody,
    PauseBody,
    PracticeBody,
    RatingBody,
    ReviewBody,
    StatusBody,
    WinBody,
)
from services.goals.api.lookup import client_of_goal, version_of_goal
from services.goals.rules.commands.goal import (
    AdjustGoal,
    CloseGoal,
    DraftGoal,
    FocusGoal,
    LogPractice,
    PauseGoal,
    RateGoal,
    ReopenGoal,
    ResumeGoal,
    ReviewGoal,
    SetGoal,
    VoidPractice,
    VoidRating,
)
from services.goals.rules.commands.win import RecordWin, VoidWin

door = Door("goals", "Goals, their adjustments, and the practices and wins on the way.")
GOAL = "/v1/goals/<uuid:goal>"
IF_MATCH = header("If-Match", "The ETag of the goal as it was read; only a repeat needs none.")


@door.write("PUT", CLIENT + "/goals/<uuid:goal>", "Goal", DraftBody, GoalBody)
def put_goal(call: Call, client: UUID, goal: UUID) -> Response:
    """Drafts a goal, or sets it with all five SMART parts; once it is active it changes by adjustments."""
    body = _goal_body(call.sent)
    if body.pop("status") == "draft":
        return written(call.handle_client(client, DraftGoal(goal_id=goal, **body)))
    if "review_on" in body:
        body["review_on"] = tuple(sorted(body["review_on"]))
    return written(call.handle_client(client, SetGoal(goal_id=goal, **body)))


@door.write(
    "PUT",
    GOAL + "/adjustments/<uuid:adjustment>",
    "Goal",
    AdjustmentBody,
    parameters=(IF_MATCH,),
    problems=(412, 428),
)
def put_adjustment(call: Call, goal: UUID, adjustment: UUID) -> Response:
    """Changes fields of an active goal, from what they are to something else, for a reason."""
    client = client_of_goal(call, goal)
    read_at = version_read(request, lambda: version_of_goal(call, goal))
    body = call.body | {"changes": tuple(call.body["changes"])}
    command = AdjustGoal(goal_id=goal, adjustment_id=adjustment, **body)
    return written(call.handle_client(client, command, read_at))


@door.write("PUT", GOAL + "/focus/<uuid:change>", "Goal", FocusBody)
def put_focus(call: Call, goal: UUID, change: UUID) -> Response:
    """Takes a goal into focus or out of it; beyond the bound by a therapist, with a reason."""
    command = FocusGoal(goal_id=goal, change_id=change, **call.body)
    return written(call.handle_client(client_of_goal(call, goal), command))


@door.write("PUT", GOAL + "/practices/<uuid:practice>", "Goal", PracticeBody)
def put_practice(call: Call, goal: UUID, practice: UUID) -> Response:
    """Logs a practice."""
    command = LogPractice(goal_id=goal, practice_id=practice, **call.body)
    return written(call.handle_client(client_of_goal(call, goal), command))


@door.write("DELETE", GOAL + "/practices/<uuid:practice>", "Goal")
def delete_practice(call: Call, goal: UUID, practice: UUID) -> Response:
    """Voids a practice that was entered by mistake: it stays in the history, and counts no more."""
    command = VoidPractice(goal_id=goal, practice_id=practice)
    return removed(call.handle_client(client_of_goal(call, goal), command))


@door.write("PUT", GOAL + "/wins/<uuid:win>", "Goal", WinBody)
def put_goal_win(call: Call, goal: UUID, win: UUID) -> Response:
    """Records a win on a goal."""
    command = RecordWin(goal_id=goal, win_id=win, **call.body)
    return written(call.handle_client(client_of_goal(call, goal), command))


@door.write("DELETE", GOAL + "/wins/<uuid:win>", "Goal")
def delete_goal_win(call: Call, goal: UUID, win: UUID) -> Response:
    """Voids a win on a goal that was entered by mistake; what it was celebrated for stays."""
    command = VoidWin(goal_id=goal, win_id=win)
    return removed(call.handle_client(client_of_goal(call, goal), command))


@door.write("PUT", CLIENT + "/wins/<uuid:win>", "Client", WinBody)
def put_win(call: Call, client: UUID, win: UUID) -> Response:
    """Records a win that needs no goal."""
    return written(call.handle_client(client, RecordWin(win_id=win, **call.body)))


@door.write("DELETE", CLIENT + "/wins/<uuid:win>", "Client")
def delete_win(call: Call, client: UUID, win: UUID) -> Response:
    """Voids a win of hers that was entered by mistake; what it was celebrated for stays."""
    return removed(call.handle_client(client, VoidWin(win_id=win)))


@door.write("PUT", GOAL + "/ratings/<uuid:rating>", "Goal", RatingBody)
def put_rating(call: Call, goal: UUID, rating: UUID) -> Response:
    """Records how far it feels, 0 to 10; 0 is a rating."""
    command = RateGoal(goal_id=goal, rating_id=rating, **call.body)
    return written(call.handle_client(client_of_goal(call, goal), command))


@door.write("DELETE", GOAL + "/ratings/<uuid:rating>", "Goal")
def delete_rating(call: Call, goal: UUID, rating: UUID) -> Response:
    """Voids a rating that was entered by mistake: it stays in the history, and counts no more."""
    command = VoidRating(goal_id=goal, rating_id=rating)
    return removed(call.handle_client(client_of_goal(call, goal), command))


@door.write("PUT", GOAL + "/reviews/<uuid:review>", "Goal", ReviewBody)
def put_review(call: Call, goal: UUID, review: UUID) -> Response:
    """Records that the goal was looked at together."""
    command = ReviewGoal(goal_id=goal, review_id=review, **call.body)
    return written(call.handle_client(client_of_goal(call, goal), command))


@door.write("PUT", GOAL + "/pauses/<uuid:pause>", "Goal", PauseBody)
def put_pause(call: Call, goal: UUID, pause: UUID) -> Response:
    """Lets the goal rest."""
    command = PauseGoal(goal_id=goal, pause_id=pause, **call.body)
    return written(call.handle_client(client_of_goal(call, goal), command))


@door.write("DELETE", GOAL + "/pauses/<uuid:pause>", "Goal")
def delete_pause(call: Call, goal: UUID, pause: UUID) -> Response:
    """Lets the goal go on; what she paused, only she resumes."""
    command = ResumeGoal(goal_id=goal, pause_id=pause)
    return removed(call.handle_client(client_of_goal(call, goal), command))


@door.write("PUT", GOAL + "/closures/<uuid:closure>", "Goal", ClosureBody)
def put_closure(call: Call, goal: UUID, closure: UUID) -> Response:
    """Ends a goal: it is achieved, or it ends in another way."""
    command = CloseGoal(goal_id=goal, closure_id=closure, **call.body)
    return written(call.handle_client(client_of_goal(call, goal), command))


@door.write("DELETE", GOAL + "/closures/<uuid:closure>", "Goal")
def delete_closure(call: Call, goal: UUID, closure: UUID) -> Response:
    """Takes up a goal again; what she ended, only she takes up again. Out of focus where there is no room."""
    command = ReopenGoal(goal_id=goal, closure_id=closure)
    return removed(call.handle_client(client_of_goal(call, goal), command))


def _goal_body(sent: object) -> dict[str, Any]:
    status = load(StatusBody(unknown="exclude"), sent)["status"]
    return load(DraftBody() if status == "draft" else GoalBody(), sent)
