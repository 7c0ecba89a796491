-- Who works at which clinic, and as what; without a role: who left. It follows the log within the transaction that
-- appends, so that a token ends with the event.
CREATE TABLE cairn.staff (
    staff_id uuid NOT NULL,
    clinic_id uuid NOT NULL,
    role text,
    PRIMARY KEY (staff_id, clinic_id)
);

CREATE FUNCTION cairn.keep_staff() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    said json := convert_from(NEW.body, 'UTF8');
BEGIN
    INSERT INTO cairn.staff (staff_id, clinic_id, role)
        VALUES ((said ->> 'staff_id')::uuid, NEW.clinic_id, said ->> 'role')
        ON CONFLICT (staff_id, clinic_id) DO UPDATE SET role = excluded.role;
    RETURN NULL;
END
$$;
CREATE TRIGGER staff_kept AFTER INSERT ON cairn.event FOR EACH ROW
    WHEN (NEW.type IN ('cairn.staff.set.v1', 'cairn.staff.left.v1')) EXECUTE FUNCTION cairn.keep_staff();

-- Those who are in the log already. The owner is given the sight of it for this one statement.
CREATE POLICY once ON cairn.event FOR SELECT TO CURRENT_USER USING (true);
CREATE POLICY once ON cairn.stream FOR SELECT TO CURRENT_USER USING (true);
INSERT INTO cairn.staff (staff_id, clinic_id, role)
    SELECT DISTINCT ON (staff_id, clinic_id) staff_id, clinic_id, role
    FROM cairn.stream AS known
    JOIN cairn.event AS found USING (record_id, clinic_id),
    LATERAL json_to_record(convert_from(found.body, 'UTF8')::json) AS said (staff_id uuid, role text)
    WHERE known.kind = 'clinic' AND found.type IN ('cairn.staff.set.v1', 'cairn.staff.left.v1')
        AND found.lane = get_byte(sha256(uuid_send(known.record_id)), 0)
    ORDER BY staff_id, clinic_id, found.record_version DESC;
DROP POLICY once ON cairn.event;
DROP POLICY once ON cairn.stream;

-- To forget who left would be to let them in again.
CREATE TRIGGER only_appended BEFORE DELETE OR TRUNCATE ON cairn.staff
    FOR EACH STATEMENT EXECUTE FUNCTION cairn.refuse();

ALTER TABLE cairn.staff ENABLE ROW LEVEL SECURITY;
ALTER TABLE cairn.staff FORCE ROW LEVEL SECURITY;
CREATE POLICY kept ON cairn.staff TO cairn_log_definer USING (true) WITH CHECK (clinic_id = cairn.clinic());

-- The clinic, as it was given, while whoever asks may still act there in this role: it stands where a function takes
-- its clinic, and so costs no round trip. Nobody who is not in the list is refused. An operator acts for no clinic.
--   CN010 she left, or has another role by now
CREATE FUNCTION cairn.still_at(a_clinic uuid, a_staff uuid, a_role text) RETURNS uuid
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    may boolean;
BEGIN
    IF a_staff IS NOT NULL THEN
        -- Null, where nobody is found, is no refusal.
        SELECT bool_or(coalesce(known.role = a_role OR (known.role, a_role) = ('lead', 'therapist'), false)) INTO may
            FROM cairn.staff known
            WHERE known.staff_id = a_staff AND (a_role = 'operator' OR known.clinic_id = a_clinic);
        IF NOT may THEN
            RAISE EXCEPTION 'this token has ended' USING ERRCODE = 'CN010';
        END IF;
    END IF;
    RETURN a_clinic;
END
$$;

REVOKE ALL ON FUNCTION cairn.keep_staff, cairn.still_at FROM PUBLIC;
GRANT EXECUTE ON FUNCTION cairn.still_at TO cairn_goals;
GRANT SELECT, INSERT, UPDATE (role) ON cairn.staff TO cairn_log_definer;
GRANT CREATE ON SCHEMA cairn TO cairn_log_definer;
ALTER FUNCTION cairn.still_at OWNER TO cairn_log_definer;
REVOKE CREATE ON SCHEMA cairn FROM cairn_log_definer;
