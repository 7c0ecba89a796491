"""Seals: signed roots over the log, kept outside the database, by which it can be held to what it said."""
