"""Whether a text says that she wants no more of ours: in the words of carriers, and in anybody's."""

from __future__ import annotations

from services.reminders.rules.replies.phrases import Phrases
from services.reminders.rules.replies.reading import Read

STOP = frozenset({"stop", "stopall", "unsubscribe", "optout", "sotp", "stpo", "stpp", "stopp"})
"""At the beginning, whatever follows. Only here do slips of the finger count."""
END = frozenset({"end", "cancel", "quit", "revoke"})
ENDED = frozenset(
    {
        "it", "this", "these", "all", "me", "my", "texts", "messages", "texting", "messaging", "reminders",
        "consent", "everything",
    }
)  # fmt: skip
"""What may follow those, and nothing else."""
WHOLE = frozenset({"alto", "parar", "para", "pare", "paren", "basta", "baja", "cancelar", "fin", "salir"})
ANYWHERE = Phrases(
    (
        "unsubscribe", "please stop", "pls stop", "plz stop", "stop texting", "stop messaging",
        "stop sending", "stop contacting", "stop it", "don't text me", "do not text me", "don't message me",
        "do not message me", "don't contact me", "do not contact me", "no more texts", "no more messages",
        "take me off", "remove me", "delete my number", "leave me alone",
        "no más mensajes", "no quiero mensajes", "no quiero más mensajes", "no mandes más", "no manden más",
        "no me escriban", "no me escribas", "no me escriba", "no me manden", "no me mandes", "no me envíen",
        "no me envíes", "déjenme en paz", "déjame en paz", "déjeme en paz", "darme de baja", "dame de baja",
        "deme de baja", "denme de baja", "quítenme", "quítame de", "quíteme de", "bórrenme", "bórrame de",
    )
)  # fmt: skip
ALONE = Phrases(("ok stop", "yes stop", "no stop", "done stop", "win stop", "not today stop"))
"""As the whole text: our own words have "Well done. STOP to end." in them, and phones quote them to us."""


def opts_out(text: Read) -> bool:
    """Whether it is an opt-out."""
    words, whole = text.words, text.whole
    if not whole:
        return False
    if words[0] in STOP or words[:2] == ("opt", "out"):
        return True
    if whole == ("end", "me"):  # despair, and nothing else
        return False
    if whole[0] in END and all(word in ENDED for word in whole[1:]):
        return True
    if ALONE.are(whole) or (len(whole) == 1 and (whole[0] in WHOLE or whole[0] in STOP)):
        return True
    # "Done. STOP": a clause of its own is as clear as a text of its own.
    return ANYWHERE.found(words) or any(len(said) == 1 and said[0] in STOP for said in text.clauses())
