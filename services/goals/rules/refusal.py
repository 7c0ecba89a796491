"""How a rule says no: in words for the person who asked, naming the field where there is one."""


class Refused(Exception):
    """The rules refuse; nothing was changed. `pointer` is a JSON pointer into the body, or None."""

    def __init__(self, detail: str, pointer: str | None = None) -> None:
        super().__init__(detail)
        self.detail = detail
        self.pointer = pointer


class Invalid(Refused):
    """What was sent cannot be, whatever the state of the record."""


class Forbidden(Refused):
    """Who asks may not do this."""


class SignedOut(Refused):
    """Whoever asks left the clinic's staff, or has another role by now: the token ended with that."""

    def __init__(self) -> None:
        super().__init__("This token has ended: you no longer work here, or in another role. Sign in anew.")


class NotThere(Refused):
    """There is no such thing, or it is another clinic's: the answer is the same. Other words are for those
    who may read it, and ask for what it never had."""

    def __init__(self, detail: str = "There is nothing here by this id.") -> None:
        super().__init__(detail)


class Stale(Refused):
    """The goal moved since it was read."""
