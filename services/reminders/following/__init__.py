"""What the log says, taken in: the feed read by lanes, and made into people, reminders and occasions."""
