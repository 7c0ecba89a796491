"""The ledger: every occasion and message, and what became of each. Never rebuilt from the feed."""
