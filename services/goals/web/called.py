"""What the words of a record are called on a page: fields, reasons, ways, states, kinds."""

from __future__ import annotations

from services.goals.web.language import say


def field(name: str) -> str:
    """A field of a goal."""
    return {
        "status": say("State"),
        "theme": say("Theme"),
        "statement": say("In her words"),
        "reflection": say("What she noticed"),
        "specific": say("What one could see done"),
        "measure": say("Measured by"),
        "target": say("Target"),
        "baseline": say("Where it began"),
        "confidence": say("Confidence"),
        "relevance": say("Why it matters"),
        "start_on": say("From"),
        "end_on": say("Until"),
        "review_on": say("Reviews"),
        "cadence": say("When"),
        "if_then": say("If-then plan"),
        "focus": say("In focus"),
        "practices": say("Practices"),
        "quantity": say("Done in all"),
        "wins": say("Wins"),
        "learned": say("What was learned"),
        "agreed": say("Agreed"),
    }[name]


def status(name: str) -> str:
    """A state of a goal."""
    return {
        "draft": say("a draft"),
        "active": say("active"),
        "paused": say("paused"),
        "achieved": say("reached"),
        "closed": say("ended"),
    }[name]


def reason(code: str) -> str:
    """Why something was changed."""
    return {
        "too_hard": say("too hard"),
        "too_easy": say("too easy"),
        "life_event": say("something happened in her life"),
        "health": say("health"),
        "schedule": say("her days changed"),
        "barrier": say("something stood in the way"),
        "new_insight": say("a new insight"),
        "priority_change": say("something else matters more"),
        "client_request": say("she asked for it"),
        "therapist_suggestion": say("the therapist suggested it"),
        "wording": say("the wording"),
        "data_correction": say("a mistake put right"),
        "reached_early": say("reached early"),
    }[code]


def way(name: str) -> str:
    """By which way it came."""
    return {
        "web": say("on a page"),
        "sms": say("by text"),
        "api": say("by another program"),
        "import": say("imported"),
    }[name]


def agreed(name: str) -> str:
    """Who agreed to it."""
    return {
        "together": say("agreed together"),
        "client": say("decided by the client"),
        "therapist": say("decided by the therapist"),
    }[name]


def adjusted(kind: str) -> str:
    """What an adjustment did."""
    return {
        "eased": say("Eased"),
        "stretched": say("Stretched"),
        "refocused": say("Refocused"),
        "rescheduled": say("Rescheduled"),
        "reworded": say("Reworded"),
        "corrected": say("Corrected"),
    }[kind]


def outcome(name: str) -> str:
    """How a goal ended."""
    return {
        "let_go": say("let go"),
        "ended_not_reached": say("not reached"),
        "superseded": say("another goal took its place"),
        "therapy_ended": say("therapy ended"),
        "entered_in_error": say("entered by mistake"),
    }[name]


def review(name: str) -> str:
    """What came of a review."""
    return {
        "keep": say("it stays as it is"),
        "adjust": say("it is to be adjusted"),
        "achieved": say("it is reached"),
        "let_go": say("it is let go"),
    }[name]


def win(kind: str) -> str:
    """What kind of win it was."""
    return {
        "effort": say("an effort"),
        "showed_up": say("she showed up"),
        "insight": say("an insight"),
        "boundary_held": say("a boundary held"),
        "asked_for_help": say("she asked for help"),
        "practice": say("a practice"),
        "other": say("something else"),
    }[kind]


def milestone(rule: str) -> str:
    """What was reached."""
    return {
        "first_step": say("the first step"),
        "first_win": say("the first win"),
        "practices": say("a number of practices"),
        "came_back": say("she came back"),
        "halfway": say("half of the way"),
        "rating_up": say("it feels clearly better"),
        "target_reached": say("the target"),
        "review_kept": say("a review kept"),
        "goal_achieved": say("the goal"),
    }[rule]
