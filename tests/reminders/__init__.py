"""Tests of the reminder service's ways in and out: the feed, the ledger, the bell, the channels."""
