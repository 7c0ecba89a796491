"""Which command an event of a record came from, so that the rules can be asked again."""

from __future__ import annotations

from dataclasses import fields
from typing import Any, cast

from services.goals.rules.commands import RecordCommand
from services.goals.rules.commands import client as client_commands
from services.goals.rules.commands import goal as goal_commands
from services.goals.rules.commands import win as win_commands
from shared import events
from shared.events import Event, Recorded

COMMANDS: dict[type[Event], tuple[type[Any], dict[str, Any]]] = {
    events.ClientRegistered: (client_commands.RegisterClient, {}),
    events.TeamSet: (client_commands.SetTeam, {}),
    events.ContactSet: (client_commands.SetContact, {}),
    events.ContactRemoved: (client_commands.RemoveContact, {}),
    events.PreferencesSet: (client_commands.SetPreferences, {}),
    events.ConsentGiven: (client_commands.GiveConsent, {}),
    events.ConsentWithdrawn: (client_commands.WithdrawConsent, {}),
    events.ReminderPlanned: (client_commands.PlanReminder, {}),
    events.ReminderCancelled: (client_commands.CancelReminder, {}),
    events.RemindersPaused: (client_commands.PauseReminders, {}),
    events.RemindersResumed: (client_commands.ResumeReminders, {}),
    events.CareEnded: (client_commands.EndCare, {}),
    events.CareResumed: (client_commands.ResumeCare, {}),
    events.SessionScheduled: (client_commands.SetSession, {"status": "scheduled"}),
    events.SessionAttended: (client_commands.SetSession, {"status": "attended"}),
    events.SessionCancelled: (client_commands.SetSession, {"status": "cancelled"}),
    events.SafetyFlagged: (client_commands.RaiseFlag, {}),
    events.SafetyReviewed: (client_commands.ReviewFlag, {}),
    events.ErasureRequested: (client_commands.AskErasure, {}),
    events.ErasureDecided: (client_commands.DecideErasure, {}),
    events.ErasureCancelled: (client_commands.CancelErasure, {}),
    events.GoalDrafted: (goal_commands.DraftGoal, {}),
    events.GoalSet: (goal_commands.SetGoal, {}),
    events.GoalPrioritised: (goal_commands.FocusGoal, {}),
    events.GoalAdjusted: (goal_commands.AdjustGoal, {}),
    events.GoalPaused: (goal_commands.PauseGoal, {}),
    events.GoalResumed: (goal_commands.ResumeGoal, {}),
    events.GoalReviewed: (goal_commands.ReviewGoal, {}),
    events.RatingRecorded: (goal_commands.RateGoal, {}),
    events.RatingVoided: (goal_commands.VoidRating, {}),
    events.PracticeLogged: (goal_commands.LogPractice, {}),
    events.PracticeVoided: (goal_commands.VoidPractice, {}),
    events.WinRecorded: (win_commands.RecordWin, {}),
    events.WinVoided: (win_commands.VoidWin, {}),
    events.GoalAchieved: (goal_commands.CloseGoal, {"outcome": "achieved"}),
    events.GoalClosed: (goal_commands.CloseGoal, {}),
    events.GoalReopened: (goal_commands.ReopenGoal, {}),
}
"""By the event: its command, and what the event's name says that no field does. What follows from another
event (milestones), or is no command of anybody's (client.erased), has none."""


def command_of(event: Recorded) -> RecordCommand | None:
    """What was asked, by the event that it came to; None for what nobody asks for."""
    if type(event.data) not in COMMANDS:
        return None
    kind, more = COMMANDS[type(event.data)]
    names = {one.name for one in fields(kind) if one.init}
    given = {name: getattr(event.data, name) for name in names if hasattr(event.data, name)} | more
    if "goal_id" in names and event.stream_id != event.record_id:
        given["goal_id"] = event.stream_id
    if "time" in names:
        given["time"] = event.time
    return cast(RecordCommand, kind(**given))
