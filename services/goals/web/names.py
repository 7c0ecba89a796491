"""What the words of the record are called on a page: themes, statuses, reasons, causes and the like."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from flask import Flask

from services.goals.web.language import say


def say_later(words: str) -> str:
    """Words that are said in the language of the page once it is known which."""
    return words


CALLED: dict[str, dict[str, str]] = {
    "theme": {
        "coping": say_later("Coping"),
        "communication": say_later("Communication"),
        "trauma": say_later("After hard experiences"),
        "self_esteem": say_later("Self-esteem"),
        "boundaries": say_later("Boundaries"),
        "other": say_later("Something else"),
    },
    "status": {
        "draft": say_later("a draft"),
        "active": say_later("going on"),
        "paused": say_later("resting"),
        "achieved": say_later("reached"),
        "closed": say_later("ended"),
    },
    "win": {
        "effort": say_later("Made an effort"),
        "showed_up": say_later("Showed up"),
        "insight": say_later("Saw something new"),
        "boundary_held": say_later("Held a boundary"),
        "asked_for_help": say_later("Asked for help"),
        "practice": say_later("Practised"),
        "other": say_later("Something else"),
    },
    "measure": {
        "per_period": say_later("so many times a day or a week"),
        "count": say_later("so many times in all"),
        "duration": say_later("so long in all"),
        "rating": say_later("how it feels, from 0 to 10"),
        "yes_no": say_later("done or not yet"),
    },
    "reason": {
        "too_hard": say_later("It was too hard"),
        "too_easy": say_later("It was too easy"),
        "life_event": say_later("Something happened in her life"),
        "health": say_later("Her health"),
        "schedule": say_later("Her days have changed"),
        "barrier": say_later("Something stands in the way"),
        "new_insight": say_later("She understands it differently now"),
        "priority_change": say_later("Something else matters more"),
        "client_request": say_later("She asks for it"),
        "therapist_suggestion": say_later("The therapist suggests it"),
        "wording": say_later("The words were not right"),
        "data_correction": say_later("It was written down wrongly"),
        "reached_early": say_later("It was reached early"),
    },
    "adjustment": {
        "eased": say_later("Make it easier"),
        "stretched": say_later("Stretch it"),
        "refocused": say_later("Turn it to something else"),
        "rescheduled": say_later("Move it in time"),
        "reworded": say_later("Say it in other words"),
        "corrected": say_later("Put right what was written down wrongly"),
    },
    "adjusted": {
        "eased": say_later("Eased"),
        "stretched": say_later("Stretched"),
        "refocused": say_later("Refocused"),
        "rescheduled": say_later("Rescheduled"),
        "reworded": say_later("Reworded"),
        "corrected": say_later("Corrected"),
    },
    "way": {
        "web": say_later("on a page"),
        "sms": say_later("by text"),
        "api": say_later("by another program"),
        "import": say_later("imported"),
    },
    "milestone": {
        "first_step": say_later("the first step"),
        "first_win": say_later("the first win"),
        "practices": say_later("a number of practices"),
        "came_back": say_later("she came back"),
        "halfway": say_later("half of the way"),
        "rating_up": say_later("it feels clearly better"),
        "target_reached": say_later("the target"),
        "review_kept": say_later("a review kept"),
        "goal_achieved": say_later("the goal"),
    },
    "agreed": {
        "together": say_later("together"),
        "client": say_later("by the client"),
        "therapist": say_later("by the therapist"),
    },
    "care_end": {
        "finished": say_later("the work is done"),
        "moved": say_later("she moved away"),
        "transferred": say_later("somebody else goes on with her"),
        "died": say_later("she died"),
    },
    "outcome": {
        "achieved": say_later("reached"),
        "let_go": say_later("let go"),
        "ended_not_reached": say_later("ended, not reached"),
        "superseded": say_later("another goal took its place"),
        "therapy_ended": say_later("care ended"),
        "entered_in_error": say_later("written down by mistake"),
    },
    "review": {
        "keep": say_later("keep it as it is"),
        "adjust": say_later("adjust it"),
        "achieved": say_later("it is reached"),
        "let_go": say_later("let it go"),
    },
    "channel": {"sms": say_later("texts"), "email": say_later("e-mail")},
    "contact": {"sms": say_later("Phone number"), "email": say_later("E-mail address")},
    "kind": {
        "welcome": say_later("a welcome that asks for a yes"),
        "practice": say_later("a reminder to practise"),
        "rating": say_later("a question how far it feels"),
        "review": say_later("a word before a review"),
        "quiet": say_later("a word after a quiet week"),
        "celebration": say_later("a celebration"),
        "acknowledgement": say_later("an answer to what she wrote"),
        "reply": say_later("an answer to what she wrote"),
        "safety": say_later("where to find help at once"),
        "flag": say_later("a notice to you about a flag"),
        "digest": say_later("your weekly letter"),
    },
    "state": {
        "planned": say_later("waits"),
        "sending": say_later("is being sent"),
        "sent": say_later("sent"),
        "delivered": say_later("delivered"),
        "failed": say_later("did not get through"),
        "suppressed": say_later("held back"),
        "expired": say_later("too late, so not sent"),
        "unknown": say_later("nobody knows whether it went"),
    },
    "cause": {
        "stale": say_later("it had become too old"),
        "clinic_unknown": say_later("the clinic is not known there yet"),
        "care_ended": say_later("her care has ended"),
        "paused": say_later("her reminders rest"),
        "opted_out": say_later("she asked to stop"),
        "no_consent": say_later("no consent was in force"),
        "contact_unverified": say_later("the contact is not verified"),
        "no_address": say_later("there is no address"),
        "address_dead": say_later("the address does not exist any more"),
        "reminder_ended": say_later("the reminder has ended"),
        "goal_ended": say_later("the goal has ended"),
        "goal_paused": say_later("the goal rests"),
        "already_done": say_later("she had done it already"),
        "quiet_hours": say_later("it was in her quiet hours"),
        "one_celebration_a_day": say_later("one celebration a day is enough"),
        "daily_cap": say_later("enough for one day"),
        "weekly_cap": say_later("enough for one week"),
        "resting": say_later("she asked for a rest"),
        "after_flag": say_later("a flag was raised, so nothing else goes for a day"),
        "erased": say_later("the record was erased"),
        "already_verified": say_later("she had said yes already"),
        "session_moved": say_later("the session was moved"),
        "rated_lately": say_later("she had just rated it"),
        "review_moved": say_later("the review was moved"),
        "reviewed": say_later("it had been reviewed already"),
        "heard_from_her": say_later("she had been in touch"),
        "tapered": say_later("fewer are sent while they are not answered"),
        "no_sign_of_her": say_later("no sign of her for a month"),
        "parked": say_later("an operator has to look at it first"),
        "set_aside": say_later("something is wrong with it, and an operator looks at it"),
        "restored": say_later("all was restored from a backup, and an operator has to let it go on"),
        "unknown_person": say_later("she is not known there yet"),
        "merged": say_later("said in another message"),
    },
    "intent": {
        "opt_out": say_later("stop the messages"),
        "wrong_number": say_later("a wrong number"),
        "who": say_later("who is this"),
        "opt_in": say_later("start the messages"),
        "help": say_later("how does this work"),
        "safety": say_later("words that worry: please look"),
        "rest": say_later("not today"),
        "answer": say_later("an answer to our question"),
        "done": say_later("done"),
        "win": say_later("a win"),
        "rating": say_later("a rating"),
        "later": say_later("later"),
        "pause": say_later("a pause"),
        "resume": say_later("go on"),
        "plan": say_later("her page, please"),
        "ask_which": say_later("for one of several goals"),
        "ask_again": say_later("a number that needs asking again"),
        "unknown": say_later("something we did not understand: ask her about it"),
    },
    "field": {
        "status": say_later("State"),
        "statement": say_later("Her own words"),
        "specific": say_later("The goal, in one sentence"),
        "measure": say_later("What is counted"),
        "baseline": say_later("Where she began"),
        "target": say_later("How much"),
        "confidence": say_later("How sure she is"),
        "relevance": say_later("Why it matters"),
        "start_on": say_later("From"),
        "end_on": say_later("Until"),
        "review_on": say_later("Look at it together on"),
        "cadence": say_later("On which days"),
        "if_then": say_later("If … then …"),
        "focus": say_later("In focus"),
        "practices": say_later("Practices"),
        "quantity": say_later("Done in all"),
        "wins": say_later("Wins"),
    },
    "happened": {
        "cairn.goal.adjusted.v1": say_later("adjusted"),
        "cairn.goal.prioritised.v1": say_later("in focus, or out of it"),
        "cairn.goal.paused.v1": say_later("a rest"),
        "cairn.goal.resumed.v1": say_later("taken up again"),
        "cairn.goal.reviewed.v1": say_later("reviewed"),
        "cairn.practice.logged.v1": say_later("practised"),
        "cairn.practice.voided.v1": say_later("a practice taken back"),
        "cairn.rating.recorded.v1": say_later("rated"),
        "cairn.rating.voided.v1": say_later("a rating taken back"),
        "cairn.win.recorded.v1": say_later("a win"),
        "cairn.win.voided.v1": say_later("a win taken back"),
        "cairn.milestone.reached.v1": say_later("a milestone reached"),
        "cairn.goal.achieved.v1": say_later("reached"),
        "cairn.goal.closed.v1": say_later("ended"),
        "cairn.goal.reopened.v1": say_later("opened again"),
    },
    "setting": {
        "name": say_later("Name"),
        "sender": say_later("Name on messages"),
        "phone": say_later("Phone"),
        "country": say_later("Country"),
        "locale": say_later("Language"),
        "time_zone": say_later("Time zone"),
        "quiet_start": say_later("Nothing from"),
        "quiet_end": say_later("Nothing until"),
        "cover_email": say_later("Who covers"),
        "role": say_later("As"),
        "email": say_later("E-mail address"),
    },
    "role": {
        "therapist": say_later("therapist"),
        "lead": say_later("lead"),
        "operator": say_later("operator"),
        "client": say_later("client"),
    },
    "day": {
        "mon": say_later("Mon"),
        "tue": say_later("Tue"),
        "wed": say_later("Wed"),
        "thu": say_later("Thu"),
        "fri": say_later("Fri"),
        "sat": say_later("Sat"),
        "sun": say_later("Sun"),
    },
    "purpose": {
        "client": say_later("for the client herself"),
        "transfer": say_later("for whoever goes on with her"),
        "legal": say_later("for a legal purpose"),
    },
    "format": {
        "jsonl": say_later("events with their proofs, for a program (jsonl)"),
        "fhir": say_later("for another clinic's system (FHIR)"),
        "csv": say_later("a table, for a spreadsheet (csv)"),
    },
    "look": {
        "export": say_later("a copy of her record"),
        "clients": say_later("the list of clients"),
        "clients_found": say_later("the list of clients"),
        "clinic": say_later("the clinic's page"),
        "get_clients": say_later("the list of clients"),
        "client": say_later("her page"),
        "get_client": say_later("her record"),
        "reach": say_later("how she is reached"),
        "messages": say_later("her messages"),
        "looks": say_later("who has looked"),
        "get_access": say_later("who has looked"),
        "goal": say_later("a goal"),
        "get_goal": say_later("a goal"),
        "adjust": say_later("a goal, to adjust it"),
        "get_goal_history": say_later("a goal's history"),
        "goal_history": say_later("a goal's history"),
        "get_goal_difference": say_later("a goal on two days"),
        "goal_difference": say_later("a goal on two days"),
        "goal_integrity": say_later("whether a goal's history is as it was written"),
        "goal_copy": say_later("a goal's copy to take home"),
        "get_client_history": say_later("her history"),
        "get_export": say_later("a copy of her record"),
        "copies": say_later("what can be copied"),
        "team": say_later("who works with her"),
        "goal_new": say_later("the form of a new goal"),
        "goal_sent": say_later("the form of a new goal"),
        "goal_set": say_later("a draft, to go on with"),
        "notes": say_later("a goal, to write something down"),
        "get_client_export": say_later("a copy of her record"),
    },
}
"""By what it is about and the record's own word: how it is said."""


SCALE = [(str(number), str(number)) for number in range(11)]
"""A rating and a confidence, for a form to choose from."""


def amount(value: Any) -> str:
    """A value of a goal's field in short, whatever it is."""
    match value:
        case None | [] | "":
            return say("nothing")
        case {"kind": kind, "unit": unit}:
            return f"{called('measure', kind)} ({unit})"
        case {"days": days, "times": times}:
            return f"{', '.join(called('day', day) for day in days)}, {', '.join(times)}"
        case [*parts]:
            return ", ".join(map(str, parts))
        case _:
            return str(value)


def called(what: str, word: str | None) -> str:
    """What one of these is called; its own word where nobody thought of it."""
    return say(CALLED[what].get(word or "", (word or "").replace("_", " ")))


def looked_at(operation: str) -> str:
    """What somebody saw by an operation or a page; who writes something down is shown what became of it."""
    known = CALLED["look"].get(operation)
    return say(known) if known else say("her record, as something was written down")


def options(what: str) -> list[tuple[str, str]]:
    """All that may be chosen of a kind, in the order of the record."""
    return [(word, say(words)) for word, words in CALLED[what].items()]


def install(app: Flask) -> None:
    """Gives the templates these, and numbers for what a form is about to say."""
    app.jinja_env.globals |= {"called": called, "options": options, "fresh": uuid4, "scale": SCALE}
    app.add_template_filter(amount)
    app.add_template_filter(looked_at)
