"""The one look across: what the reminder service tells of a client's messages."""
