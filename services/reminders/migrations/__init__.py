"""The reminder service's tables, step by step (Alembic)."""
