"""How a rule says no: in words for the person who asked, naming the field where there is one."""

from uuid import UUID


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


class Erased(Refused):
    """The record was erased: nothing is written to it any more."""

    def __init__(self) -> None:
        super().__init__("This record was erased; nothing can be written to it any more.")


class Gone(Refused):
    """The record was erased: there is nothing to read any more but that, and when."""

    def __init__(self, clinic_id: UUID, record_id: UUID, erasure_id: UUID) -> None:
        super().__init__("This record was erased; nothing personal of it is left.")
        self.clinic_id = clinic_id
        self.record_id = record_id
        self.erasure_id = erasure_id
