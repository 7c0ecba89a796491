"""The rules of goals: pure functions over frozen data."""
