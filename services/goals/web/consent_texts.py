"""What a client agrees to when she agrees to messages, in the one wording of today."""

from __future__ import annotations

from services.goals.web.language import say
from shared.clinic import Clinic

VERSION = "room-2026-11"
"""Of the wordings below: another wording is another version, and this one is kept, for it was agreed to."""


def texts(clinic: Clinic) -> dict[str, str]:
    """The wording for each channel, in the language of the page."""
    return {
        "sms": say(
            "%(sender)s may send me texts: reminders that I choose, and kind words when something went"
            " well. About five a week, and more only where I plan them. My carrier may charge for them. Texts"
            " are not private: whoever holds my phone may read them, so they name no goal. I can end them at"
            " any time by answering STOP; my appointments do not change. Nobody reads my answers live: in an"
            " emergency I call.",
            sender=clinic.sender,
        ),
        "email": say(
            "%(sender)s may send me e-mails: reminders that I choose, and kind words when something went"
            " well. About five a week, and more only where I plan them. E-mail is not private: whoever opens"
            " my mailbox may read it, so they name no goal. I can end them at any time by the link in each;"
            " my appointments do not change. Nobody reads my answers live: in an emergency I call.",
            sender=clinic.sender,
        ),
    }
