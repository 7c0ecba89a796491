"""What a client's text means: the grammar of replies, in both languages, as pure functions."""
