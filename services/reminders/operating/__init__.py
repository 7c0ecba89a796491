"""What an operator does by command, and what is shown of it."""
