"""What runs here, as the variables that lead to it: so that every command finds what `cairn up` started."""

from infra.local.home import Home
from infra.local.trouble import LocalError
from shared.settings import VARIABLES
from shared.spelling import spell


def found_here(home: Home) -> dict[str, str]:
    """The variables of the installation in this home: its keys, and its URLs while it runs; else nothing."""
    try:
        up = home.read("up.json") if home.is_running() else {}
        known = home.known_secrets()
    except LocalError:
        return {}
    found: dict[str, str] = {"master_key": spell(known.master_key), "token_key": spell(known.token_key)}
    found["seal_key"] = spell(known.seal_key)
    if up:
        found |= {f"{name}_database_url": url for name, url in up["databases"].items()}
        found |= {"broker_url": up["broker"], "goals_url": up["goals"], "reminders_url": up["reminders"]}
        found |= {"goals_public_url": up["goals"], "reminders_public_url": up["reminders"]}
    return {VARIABLES[name][0]: value for name, value in found.items()}
