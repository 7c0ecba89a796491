-- Who of the staff has a password, found by the keyed hash of an e-mail address: the address itself is in no table.
CREATE TABLE cairn.account (
    clinic_id uuid NOT NULL,
    staff_id uuid NOT NULL,
    address bytea NOT NULL,
    password text NOT NULL, -- argon2id, with its own salt and costs
    language text,
    PRIMARY KEY (clinic_id, staff_id)
);
CREATE INDEX account_of_address ON cairn.account (address);

-- A link that sets a password, once. Of it, and of a session's cookie, only the hash is kept.
CREATE TABLE cairn.invitation (
    token bytea PRIMARY KEY,
    clinic_id uuid NOT NULL,
    staff_id uuid NOT NULL,
    address bytea NOT NULL,
    until timestamptz NOT NULL
);

CREATE TABLE cairn.web_session (
    token bytea PRIMARY KEY,
    clinic_id uuid NOT NULL,
    staff_id uuid NOT NULL,
    begun_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    seen_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX web_session_of ON cairn.web_session (clinic_id, staff_id);

-- Why somebody looks, in this session, at the record of a client whose team she is not on: sealed under the record's
-- key, and gone with the session or the record.
CREATE TABLE cairn.web_reason (
    clinic_id uuid NOT NULL,
    token bytea NOT NULL REFERENCES cairn.web_session ON DELETE CASCADE,
    record_id uuid NOT NULL,
    reason bytea NOT NULL,
    PRIMARY KEY (token, record_id)
);
CREATE INDEX web_reason_of_record ON cairn.web_reason (record_id);

-- Who tried to sign in, and where from, by keyed hashes; older ones than the window count no more, and are removed.
CREATE TABLE cairn.sign_in_try (
    tried bytea NOT NULL,
    tried_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX sign_in_try_of ON cairn.sign_in_try (tried, tried_at);

-- Nobody reads or writes these but by the functions below, which find by a secret or its hash, and never list.
DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['account', 'invitation', 'web_session', 'web_reason', 'sign_in_try'] LOOP
        EXECUTE format('ALTER TABLE cairn.%I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('ALTER TABLE cairn.%I FORCE ROW LEVEL SECURITY', name);
        EXECUTE format('CREATE POLICY kept ON cairn.%I TO cairn_log_definer USING (true) WITH CHECK (true)', name);
        EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON cairn.%I TO cairn_log_definer', name);
    END LOOP;
END
$$;

-- What somebody of the staff is at a clinic; null for who works there no more, or never did.
CREATE FUNCTION cairn.role_at(a_clinic uuid, a_staff uuid) RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT known.role FROM cairn.staff known WHERE known.clinic_id = a_clinic AND known.staff_id = a_staff
$$;

-- A new link takes the place of those before it.
--   CN002 she works there no more
CREATE FUNCTION cairn.invite(a_clinic uuid, a_staff uuid, an_address bytea, a_token bytea, lasts interval)
RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF cairn.role_at(a_clinic, a_staff) IS NULL THEN
        RAISE EXCEPTION 'this is nobody of the staff' USING ERRCODE = 'CN002';
    END IF;
    DELETE FROM cairn.invitation known
        WHERE (known.clinic_id, known.staff_id) = (a_clinic, a_staff) OR known.until < clock_timestamp();
    INSERT INTO cairn.invitation (token, clinic_id, staff_id, address, until)
        VALUES (a_token, a_clinic, a_staff, an_address, clock_timestamp() + lasts);
END
$$;

CREATE FUNCTION cairn.invited(a_token bytea, OUT clinic_id uuid, OUT staff_id uuid) RETURNS SETOF record
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT known.clinic_id, known.staff_id FROM cairn.invitation known
    WHERE known.token = a_token AND known.until > clock_timestamp()
        AND cairn.role_at(known.clinic_id, known.staff_id) IS NOT NULL
$$;

-- The password is set, the link is used up, and whoever was signed in with another is so no more.
CREATE FUNCTION cairn.accept_invitation(a_token bytea, a_password text, OUT clinic_id uuid, OUT staff_id uuid)
RETURNS SETOF record LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    found_one record;
BEGIN
    FOR found_one IN
        DELETE FROM cairn.invitation known
        WHERE known.token = a_token AND known.until > clock_timestamp()
            AND cairn.role_at(known.clinic_id, known.staff_id) IS NOT NULL
        RETURNING known.*
    LOOP
        INSERT INTO cairn.account AS known (clinic_id, staff_id, address, password)
            VALUES (found_one.clinic_id, found_one.staff_id, found_one.address, a_password)
            ON CONFLICT ON CONSTRAINT account_pkey
            DO UPDATE SET address = excluded.address, password = excluded.password;
        PERFORM cairn.end_sessions(found_one.clinic_id, found_one.staff_id);
        clinic_id := found_one.clinic_id;
        staff_id := found_one.staff_id;
        RETURN NEXT;
    END LOOP;
END
$$;

CREATE FUNCTION cairn.accounts_at(an_address bytea, OUT clinic_id uuid, OUT staff_id uuid, OUT password text)
RETURNS SETOF record LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT known.clinic_id, known.staff_id, known.password FROM cairn.account known
    WHERE known.address = an_address AND cairn.role_at(known.clinic_id, known.staff_id) IS NOT NULL
    ORDER BY known.clinic_id LIMIT 5
$$;

-- The same password, hashed at today's costs.
CREATE FUNCTION cairn.rehash(a_clinic uuid, a_staff uuid, before text, a_password text) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    UPDATE cairn.account known SET password = a_password
    WHERE (known.clinic_id, known.staff_id, known.password) = (a_clinic, a_staff, before)
$$;

CREATE FUNCTION cairn.speak(a_clinic uuid, a_staff uuid, a_language text) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    UPDATE cairn.account known SET language = a_language WHERE (known.clinic_id, known.staff_id) = (a_clinic, a_staff)
$$;

-- Sessions that have ended by themselves are removed with the next that begins.
CREATE FUNCTION cairn.begin_session(a_clinic uuid, a_staff uuid, a_token bytea, whole interval, idle interval)
RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    DELETE FROM cairn.web_session known
        WHERE known.begun_at < clock_timestamp() - whole OR known.seen_at < clock_timestamp() - idle;
    INSERT INTO cairn.web_session (token, clinic_id, staff_id) VALUES (a_token, a_clinic, a_staff);
$$;

-- Whose session it is and what she is there today; nobody once she left, or it is over. It is marked as seen at most
-- once a minute: a page costs no write.
CREATE FUNCTION cairn.session_of(
    a_token bytea, whole interval, idle interval,
    OUT clinic_id uuid, OUT staff_id uuid, OUT role text, OUT language text
) RETURNS SETOF record LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    known cairn.web_session;
BEGIN
    SELECT * INTO known FROM cairn.web_session held
        WHERE held.token = a_token AND held.begun_at > clock_timestamp() - whole
            AND held.seen_at > clock_timestamp() - idle;
    role := cairn.role_at(known.clinic_id, known.staff_id);
    IF role IS NULL THEN
        RETURN;
    END IF;
    IF known.seen_at < clock_timestamp() - interval '1 minute' THEN
        UPDATE cairn.web_session held SET seen_at = clock_timestamp() WHERE held.token = a_token;
    END IF;
    clinic_id := known.clinic_id;
    staff_id := known.staff_id;
    language := (
        SELECT account.language FROM cairn.account account
        WHERE (account.clinic_id, account.staff_id) = (known.clinic_id, known.staff_id)
    );
    RETURN NEXT;
END
$$;

CREATE FUNCTION cairn.end_session(a_token bytea) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    DELETE FROM cairn.web_session known WHERE known.token = a_token
$$;

CREATE FUNCTION cairn.end_sessions(a_clinic uuid, a_staff uuid) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    DELETE FROM cairn.web_session known WHERE (known.clinic_id, known.staff_id) = (a_clinic, a_staff)
$$;

-- Counts a try of each, unless one of them has had its most within the window: then the seconds to wait. One at a
-- time for each, so that many at once are no way around it.
CREATE FUNCTION cairn.try_sign_in(who bytea[], most integer[], period interval) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    since timestamptz := clock_timestamp() - period;
    frees timestamptz;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended(encode(one, 'hex'), 0))
        FROM (SELECT DISTINCT one FROM unnest(who) AS one ORDER BY one) AS ordered;
    DELETE FROM cairn.sign_in_try known WHERE known.tried = ANY (who) AND known.tried_at <= since;
    SELECT max(held.tried_at) INTO frees FROM unnest(who, most) AS asked (one, most), LATERAL (
        SELECT known.tried_at FROM cairn.sign_in_try known WHERE known.tried = asked.one
        ORDER BY known.tried_at DESC OFFSET asked.most - 1 LIMIT 1
    ) AS held;
    IF frees IS NOT NULL THEN
        RETURN greatest(1, ceil(extract(epoch FROM frees - since)))::integer;
    END IF;
    INSERT INTO cairn.sign_in_try (tried) SELECT unnest(who);
    RETURN 0;
END
$$;

CREATE FUNCTION cairn.signed_in(who bytea) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    DELETE FROM cairn.sign_in_try known WHERE known.tried = who
$$;

-- The reason counts from now on, in this session, for this record.
CREATE FUNCTION cairn.say_why(a_clinic uuid, a_token bytea, a_record uuid, a_reason bytea) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    INSERT INTO cairn.web_reason (clinic_id, token, record_id, reason)
        SELECT a_clinic, a_token, a_record, a_reason FROM cairn.web_session known
        WHERE known.token = a_token AND known.clinic_id = a_clinic
        ON CONFLICT (token, record_id) DO UPDATE SET reason = excluded.reason
$$;

CREATE FUNCTION cairn.why(a_token bytea, a_record uuid) RETURNS bytea
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT known.reason FROM cairn.web_reason known WHERE known.token = a_token AND known.record_id = a_record
$$;

-- An erasure takes the reasons as well.
CREATE POLICY own_forgotten ON cairn.web_reason TO cairn_goals USING (clinic_id = cairn.clinic());
GRANT SELECT (clinic_id, record_id), DELETE ON cairn.web_reason TO cairn_goals;
CREATE OR REPLACE FUNCTION cairn.forget(a_clinic uuid, a_record uuid) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM set_config('cairn.clinic', a_clinic::text, true);
    DELETE FROM cairn.current known WHERE known.record_id = a_record;
    DELETE FROM cairn.address held WHERE held.record_id = a_record;
    DELETE FROM cairn.web_reason held WHERE held.record_id = a_record;
END
$$;

DO $$
DECLARE
    one regprocedure;
BEGIN
    EXECUTE 'GRANT CREATE ON SCHEMA cairn TO cairn_log_definer';
    FOR one IN
        SELECT oid::regprocedure FROM pg_proc WHERE pronamespace = 'cairn'::regnamespace AND proname IN (
            'role_at', 'invite', 'invited', 'accept_invitation', 'accounts_at', 'rehash', 'speak', 'begin_session',
            'session_of', 'end_session', 'end_sessions', 'try_sign_in', 'signed_in', 'say_why', 'why'
        )
    LOOP
        EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', one);
        EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO cairn_goals', one);
        EXECUTE format('ALTER FUNCTION %s OWNER TO cairn_log_definer', one);
    END LOOP;
    EXECUTE 'REVOKE CREATE ON SCHEMA cairn FROM cairn_log_definer';
END
$$;
