"""What comes due by the clock, and what is foreseen of it."""
