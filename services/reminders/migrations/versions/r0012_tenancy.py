"""Row-level security: whoever looks for a caller sees her clinic alone; who sends for all sees all."""

from alembic import op

revision = "r0012"
down_revision = "r0011"
branch_labels = None
depends_on = None

# Roles are the cluster's; its superuser makes them.
NEEDED = """
DO $$
BEGIN
    IF to_regrole('cairn_reminders_door') IS NULL THEN
        RAISE EXCEPTION 'the role cairn_reminders_door is missing' USING ERRCODE = 'undefined_object',
            HINT = 'run infra/postgres/roles.sql as the superuser';
    END IF;
END
$$;
CREATE FUNCTION door_clinic() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE AS
$$ SELECT nullif(pg_catalog.current_setting('cairn.clinic', true), '')::pg_catalog.uuid $$;
"""

# The owner is not bound, for the steps that follow must reach every row; nothing serves as the owner.
FENCES = """
DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY[
        'clinic', 'person', 'reminder', 'prompt', 'digest', 'occasion', 'message', 'message_occasion',
        'direct', 'outbox', 'callback', 'contact', 'inbound', 'quiet', 'question', 'flag', 'outgoing',
        'erased_client', 'parked_record', 'parked_event'
    ] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('CREATE POLICY sends_for_all ON %I TO cairn_reminders'
            ' USING (true) WITH CHECK (true)', name);
    END LOOP;
    FOREACH name IN ARRAY ARRAY['clinic', 'person', 'occasion', 'message', 'inbound', 'parked_record'] LOOP
        EXECUTE format('CREATE POLICY own ON %I FOR SELECT TO cairn_reminders_door'
            ' USING (clinic_id = door_clinic())', name);
    END LOOP;
    -- What hangs on a message or on her is seen with it: the look itself sees only what is the clinic's.
    FOREACH name IN ARRAY ARRAY['message_occasion', 'direct'] LOOP
        EXECUTE format('CREATE POLICY own ON %1$I FOR SELECT TO cairn_reminders_door'
            ' USING (EXISTS (SELECT FROM message m WHERE m.message_id = %1$I.message_id))', name);
    END LOOP;
    CREATE POLICY own ON quiet FOR SELECT TO cairn_reminders_door
        USING (EXISTS (SELECT FROM person p WHERE p.client_id = quiet.client_id));
END
$$;
"""

# It looks, and changes nothing. What is kept by a keyed hash alone is no clinic's.
GRANTS = """
GRANT SELECT ON clinic, person, occasion, message, message_occasion, direct, inbound, quiet,
    parked_record, opt_out, dead_address, hold, alembic_version TO cairn_reminders_door;
"""


def upgrade() -> None:
    """Raises the fences, and lets the door look over its own."""
    for part in (NEEDED, FENCES, GRANTS):
        op.execute(part)
