"""What can keep this machine from running Cairn, in one line for the person at the terminal."""


class LocalError(Exception):
    """Something on this machine stands in the way; the text is one line that says what to do."""
