"""A record as lines of CloudEvents, each with the proof that it stands in the log; and the check of it."""
