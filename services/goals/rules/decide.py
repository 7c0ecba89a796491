"""Which rule answers which command, and the milestones that the answer earns."""

from __future__ import annotations

from services.goals.rules import (
    adjusting,
    care,
    closing,
    consenting,
    entries,
    erasing,
    focus,
    meeting,
    milestones,
    pausing,
    ratings,
    reach,
    reminding,
    resting,
    safety,
    smart,
    voiding,
)
from services.goals.rules.commands import RecordCommand
from services.goals.rules.commands.client import (
    AskErasure,
    CancelErasure,
    CancelReminder,
    DecideErasure,
    EndCare,
    GiveConsent,
    PauseReminders,
    PlanReminder,
    RaiseFlag,
    RegisterClient,
    RemoveContact,
    ResumeCare,
    ResumeReminders,
    ReviewFlag,
    SetContact,
    SetPreferences,
    SetSession,
    SetTeam,
    WithdrawConsent,
)
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
from services.goals.rules.proposal import Moment, Proposed
from services.goals.rules.record import Record, apply
from services.goals.rules.tally import tally
from shared.clinic import Clinic


def decide(
    record: Record,
    command: RecordCommand,
    moment: Moment,
    clinic: Clinic | None,
) -> tuple[Proposed, ...]:
    """The events that the command makes of a client's record, milestones included.

    None when the same is in the record already. Raises Refused, and then nothing changes.
    """
    erasing.must_be_there(record)
    made = _answer(record, command, moment, clinic)
    if made and record.client is not None:
        care.check_still_open(record.client, command, moment)
    return (*made, *_earned(record, made))


def _answer(
    record: Record, command: RecordCommand, moment: Moment, clinic: Clinic | None
) -> tuple[Proposed, ...]:
    match command:
        case RegisterClient():
            return reach.register(record, command, moment, clinic)
        case SetTeam():
            return reach.set_team(record, command, moment, clinic)
        case SetContact():
            return reach.set_contact(record, command, moment)
        case RemoveContact():
            return reach.remove_contact(record, command, moment)
        case SetPreferences():
            return reach.set_preferences(record, command, moment)
        case GiveConsent():
            return consenting.give_consent(record, command, moment)
        case WithdrawConsent():
            return consenting.withdraw_consent(record, command, moment)
        case PlanReminder():
            return reminding.plan_reminder(record, command, moment, clinic)
        case CancelReminder():
            return reminding.cancel_reminder(record, command, moment)
        case SetSession():
            return meeting.set_session(record, command, moment)
        case PauseReminders():
            return pausing.pause_reminders(record, command, moment)
        case ResumeReminders():
            return pausing.resume_reminders(record, command, moment)
        case EndCare():
            return care.end_care(record, command, moment)
        case ResumeCare():
            return care.resume_care(record, command, moment)
        case RaiseFlag():
            return safety.raise_flag(record, command, moment)
        case ReviewFlag():
            return safety.review_flag(record, command, moment)
        case AskErasure():
            return erasing.ask(record, command, moment)
        case CancelErasure():
            return erasing.cancel(record, command, moment)
        case DecideErasure():
            return erasing.judge(record, command, moment)
        case DraftGoal():
            return smart.draft(record, command, moment)
        case SetGoal():
            return smart.set_goal(record, command, moment)
        case FocusGoal():
            return focus.prioritise(record, command, moment)
        case AdjustGoal():
            return adjusting.adjust(record, command, moment)
        case PauseGoal():
            return resting.pause(record, command, moment)
        case ResumeGoal():
            return resting.resume(record, command, moment)
        case ReviewGoal():
            return meeting.review(record, command, moment)
        case RateGoal():
            return ratings.rate(record, command, moment)
        case VoidRating():
            return voiding.void_rating(record, command, moment)
        case LogPractice():
            return entries.log_practice(record, command, moment)
        case VoidPractice():
            return voiding.void_practice(record, command, moment)
        case RecordWin():
            return entries.record_win(record, command, moment)
        case VoidWin():
            return voiding.void_win(record, command, moment)
        case CloseGoal():
            return closing.close(record, command, moment)
        case ReopenGoal():
            return closing.reopen(record, command, moment)


def _earned(record: Record, made: tuple[Proposed, ...]) -> tuple[Proposed, ...]:
    found: list[Proposed] = []
    for entry in made:
        after = apply(record, (*made, *found))
        for stream_id, milestone in milestones.earned(
            entry.data, entry.event_id, tally(record, after, entry)
        ):
            found.append(
                Proposed(
                    stream_id=stream_id,
                    stream_kind="client" if stream_id == after.client_id else "goal",
                    event_id=milestone.milestone_id,
                    data=milestone,
                    time=entry.time,
                    by=entry.by,
                    causation_id=str(entry.event_id),
                )
            )
    return tuple(found)
