"""The log: lanes of events, each chained to the one before, only ever appended to."""
