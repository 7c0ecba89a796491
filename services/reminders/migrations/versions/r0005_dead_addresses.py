"""Addresses at which nobody is reached any more."""

from alembic import op

revision = "r0005"
down_revision = "r0004"
branch_labels = None
depends_on = None

DEAD = """
CREATE TABLE dead_address (
    channel text NOT NULL CHECK (channel IN ('sms', 'email')),
    address_hash bytea NOT NULL,
    cause text NOT NULL,
    at timestamptz NOT NULL,
    PRIMARY KEY (channel, address_hash)
);
"""


def upgrade() -> None:
    """Makes the table and lets the service's role use it."""
    op.execute(DEAD)
    op.execute("GRANT SELECT, INSERT, DELETE ON dead_address TO cairn_reminders")
