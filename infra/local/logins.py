"""The names of the four databases, and of the roles that log in to them."""

DATABASES = ("cairn_goals", "cairn_vault", "cairn_reminders", "cairn_reminders_vault")
"""Each is served from by the role of its own name, and owned by that name with `_owner`."""
LOGINS = DATABASES + tuple(f"{name}_owner" for name in DATABASES)
URLS = tuple(f"{name.removeprefix('cairn_')}_database_url" for name in DATABASES)
"""The settings that say where each is."""
