-- Two fences between clinics: row-level security, and what each function asks for by itself. Each holds where the other
-- was taken away, by a policy that is dropped or a clause that is forgotten.
CREATE OR REPLACE FUNCTION cairn.load(a_clinic uuid, a_stream uuid) RETURNS SETOF cairn.event
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_generic_plan AS $$
DECLARE
    a_record uuid;
    in_lane smallint;
BEGIN
    PERFORM set_config('cairn.clinic', a_clinic::text, true);
    SELECT known.record_id INTO a_record FROM cairn.stream known
        WHERE known.stream_id = a_stream AND known.clinic_id = a_clinic;
    IF FOUND THEN
        in_lane := get_byte(sha256(uuid_send(a_record)), 0);
        RETURN QUERY SELECT found.* FROM cairn.event found
            WHERE found.lane = in_lane AND found.record_id = a_record AND found.clinic_id = a_clinic
            ORDER BY found.record_version;
    END IF;
END
$$;

CREATE OR REPLACE FUNCTION cairn.record_of(a_clinic uuid, a_stream uuid) RETURNS uuid
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM set_config('cairn.clinic', a_clinic::text, true);
    RETURN (
        SELECT known.record_id FROM cairn.stream known
        WHERE known.stream_id = a_stream AND known.clinic_id = a_clinic
    );
END
$$;

CREATE OR REPLACE FUNCTION cairn.current_of(a_clinic uuid, a_stream uuid) RETURNS SETOF cairn.current
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM set_config('cairn.clinic', a_clinic::text, true);
    RETURN QUERY SELECT known.* FROM cairn.current known
        WHERE known.stream_id = a_stream AND known.clinic_id = a_clinic;
END
$$;

CREATE OR REPLACE FUNCTION cairn.currents_of(a_clinic uuid, a_record uuid) RETURNS SETOF cairn.current
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM set_config('cairn.clinic', a_clinic::text, true);
    RETURN QUERY SELECT known.* FROM cairn.current known
        WHERE known.record_id = a_record AND known.clinic_id = a_clinic ORDER BY known.stream_id;
END
$$;

CREATE OR REPLACE FUNCTION cairn.goals_of(a_clinic uuid, records uuid[]) RETURNS SETOF cairn.current
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM set_config('cairn.clinic', a_clinic::text, true);
    RETURN QUERY SELECT known.* FROM cairn.current known
        WHERE known.record_id = ANY (records) AND known.clinic_id = a_clinic AND known.kind = 'goal'
        ORDER BY known.stream_id;
END
$$;

CREATE OR REPLACE FUNCTION cairn.entries_of(
    a_clinic uuid, records uuid[], since timestamptz,
    OUT record_id uuid, OUT type text, OUT occurred_at timestamptz, OUT body bytea
) RETURNS SETOF record LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
SET plan_cache_mode = force_generic_plan AS $$
BEGIN
    PERFORM set_config('cairn.clinic', a_clinic::text, true);
    RETURN QUERY SELECT found.record_id, found.type, found.occurred_at, found.body
        FROM unnest(records) AS wanted (id)
        JOIN cairn.event found ON found.lane = get_byte(sha256(uuid_send(wanted.id)), 0) AND found.record_id = wanted.id
            AND found.clinic_id = a_clinic
        WHERE found.recorded_at >= since AND found.type IN (
            'cairn.practice.logged.v1', 'cairn.practice.voided.v1', 'cairn.win.recorded.v1', 'cairn.win.voided.v1',
            'cairn.rating.recorded.v1', 'cairn.rating.voided.v1', 'cairn.session.attended.v1'
        );
END
$$;

CREATE OR REPLACE FUNCTION cairn.accesses_of(a_clinic uuid, a_record uuid, before_entry bigint, at_most integer)
RETURNS SETOF cairn.access LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM set_config('cairn.clinic', a_clinic::text, true);
    RETURN QUERY SELECT known.* FROM cairn.access known
        WHERE known.record_id = a_record AND known.clinic_id = a_clinic
            AND known.entry < coalesce(before_entry, 9223372036854775807)
        ORDER BY known.entry DESC LIMIT at_most;
END
$$;

CREATE OR REPLACE FUNCTION cairn.erasure_of(a_clinic uuid, a_record uuid) RETURNS SETOF cairn.erasure
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM set_config('cairn.clinic', a_clinic::text, true);
    RETURN QUERY SELECT known.* FROM cairn.erasure known
        WHERE known.record_id = a_record AND known.clinic_id = a_clinic;
END
$$;

CREATE OR REPLACE FUNCTION cairn.forget(a_clinic uuid, a_record uuid) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM set_config('cairn.clinic', a_clinic::text, true);
    DELETE FROM cairn.current known WHERE known.record_id = a_record AND known.clinic_id = a_clinic;
    DELETE FROM cairn.address held WHERE held.record_id = a_record AND held.clinic_id = a_clinic;
    DELETE FROM cairn.web_reason held WHERE held.record_id = a_record AND held.clinic_id = a_clinic;
END
$$;

CREATE OR REPLACE FUNCTION cairn.keep(
    a_clinic uuid, a_record uuid, a_stream uuid, a_kind text, a_stream_version bigint, a_record_version bigint,
    a_state bytea
) RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    INSERT INTO cairn.current AS known (stream_id, record_id, clinic_id, kind, version, record_version, state)
        VALUES (a_stream, a_record, a_clinic, a_kind, a_stream_version, a_record_version, a_state)
        ON CONFLICT (stream_id) DO UPDATE
        SET version = excluded.version, record_version = excluded.record_version, state = excluded.state
        WHERE known.record_version < excluded.record_version AND known.clinic_id = a_clinic;
END
$$;

CREATE OR REPLACE FUNCTION cairn.begun(a_clinic uuid, wanted uuid[]) RETURNS SETOF uuid
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM set_config('cairn.clinic', a_clinic::text, true);
    RETURN QUERY SELECT known.stream_id FROM cairn.stream known
        WHERE known.stream_id = ANY (wanted) AND known.clinic_id = a_clinic;
END
$$;

-- What acts as the definer is replaced by the definer, whose it stays.
GRANT CREATE ON SCHEMA cairn TO cairn_log_definer;
SET LOCAL ROLE cairn_log_definer;

-- Appends one event of one record. The caller names the record's version that it decided on.
--   CN001 the record is at another version (DETAIL: at which)      CN002 the stream is not this record's
--   23505 on stream_pkey: a new stream's id is taken, maybe where the caller cannot look
-- To move the lane's head on is to take its lock. What must be true now is asked in statements after that one: a
-- statement that waits for a lock goes on to read what was true before it waited. One statement of a caller is one
-- moment, however many events it appends. Values come one by one and the answer is a number, for arrays and rows
-- cost more than the insert does.
CREATE OR REPLACE FUNCTION cairn.append(
    a_clinic uuid, a_record uuid, a_version bigint, a_stream uuid, a_kind text, a_stream_version bigint,
    an_event uuid, a_type text, a_schema integer, a_time timestamptz, a_body bytea, a_sealed bytea, a_key uuid,
    a_meta bytea
) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
-- Left to itself the planner may think a plan over all partitions dear, and plan anew at every append.
SET plan_cache_mode = force_generic_plan AS $$
DECLARE
    for_clinic text := set_config('cairn.clinic', a_clinic::text, true);
    in_lane smallint := get_byte(sha256(uuid_send(a_record)), 0);
    key_of_event uuid := CASE WHEN a_sealed IS NOT NULL THEN a_key END;
    at_position bigint;
    at_version bigint;
    now_recorded timestamptz;
    new_hash bytea;
BEGIN
    UPDATE cairn.lane_head head SET
        position = head.position + 1,
        recorded_at = greatest(statement_timestamp(), head.recorded_at),
        hash = cairn.link(
            head.hash, in_lane, head.position + 1, a_clinic, a_record, a_version + 1, a_stream, a_stream_version,
            an_event, a_type, a_schema, a_time, greatest(statement_timestamp(), head.recorded_at), a_body, a_sealed,
            key_of_event, a_meta
        )
        WHERE head.lane = in_lane
        RETURNING head.position, head.recorded_at, head.hash INTO STRICT at_position, now_recorded, new_hash;

    SELECT known.record_version INTO at_version FROM cairn.event known
        WHERE known.lane = in_lane AND known.record_id = a_record AND known.clinic_id = a_clinic
        ORDER BY known.record_version DESC LIMIT 1;
    IF coalesce(at_version, 0) <> a_version THEN
        RAISE EXCEPTION 'the record is at another version'
            USING ERRCODE = 'CN001', DETAIL = coalesce(at_version, 0);
    END IF;

    -- A stream is proven to be the record's by its row: the one that is written now, or one that is there. The
    -- record's own needs no look: whose events are seen here has it.
    IF a_version = 0 AND (a_stream <> a_record OR a_stream_version <> 1) THEN
        RAISE EXCEPTION 'a record begins with its own stream' USING ERRCODE = 'CN002';
    END IF;
    IF a_stream_version = 1 THEN
        INSERT INTO cairn.stream (stream_id, record_id, clinic_id, kind)
            VALUES (a_stream, a_record, a_clinic, a_kind);
    ELSIF a_stream <> a_record THEN
        PERFORM FROM cairn.stream known
            WHERE known.stream_id = a_stream AND known.record_id = a_record AND known.clinic_id = a_clinic;
        IF NOT FOUND THEN
            RAISE EXCEPTION 'the stream is not of this record' USING ERRCODE = 'CN002';
        END IF;
    END IF;

    INSERT INTO cairn.event (
        lane, position, clinic_id, record_id, record_version, stream_id, version, event_id, type, schema,
        occurred_at, recorded_at, body, sealed, key_id, meta, hash
    ) VALUES (
        in_lane, at_position, a_clinic, a_record, a_version + 1, a_stream, a_stream_version, an_event, a_type,
        a_schema, a_time, now_recorded, a_body, a_sealed, key_of_event, a_meta, new_hash
    );
    RETURN at_position;
END
$$;

-- Writes down that somebody looked at these clients' records, one row each, by the clock of the database.
--   CN002 one of them is no client of the clinic
CREATE OR REPLACE FUNCTION cairn.note_access(
    a_clinic uuid, records uuid[], access_ids uuid[], reasons bytea[],
    a_kind text, an_id text, a_role text, a_via text, an_operation text, a_goal uuid, a_purpose text, a_correlation text
) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    written bigint;
BEGIN
    PERFORM set_config('cairn.clinic', a_clinic::text, true);
    INSERT INTO cairn.access (
        clinic_id, record_id, access_id, seen_at, actor_kind, actor_id, role, via, operation, goal_id, purpose, reason,
        correlation_id
    )
        SELECT a_clinic, seen.record_id, seen.access_id, clock_timestamp(), a_kind, an_id, a_role, a_via, an_operation,
            a_goal, a_purpose, seen.reason, a_correlation
        FROM unnest(records, access_ids, reasons) AS seen (record_id, access_id, reason)
        JOIN cairn.stream known
            ON known.stream_id = seen.record_id AND known.clinic_id = a_clinic AND known.kind = 'client';
    GET DIAGNOSTICS written = ROW_COUNT;
    IF written <> cardinality(records) THEN
        RAISE EXCEPTION 'this is no client of the clinic' USING ERRCODE = 'CN002';
    END IF;
END
$$;

CREATE OR REPLACE FUNCTION cairn.append_all(
    a_clinic uuid, records uuid[], decided_on bigint[], streams uuid[], kinds text[], stream_versions bigint[],
    events uuid[], types text[], schemas integer[], times timestamptz[], bodies bytea[], sealeds bytea[], keys uuid[],
    metas bytea[]
) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    for_clinic text := set_config('cairn.clinic', a_clinic::text, true);
    which uuid;
BEGIN
    PERFORM FROM cairn.lane_head head
        WHERE head.lane IN (SELECT get_byte(sha256(uuid_send(named.record)), 0) FROM unnest(records) AS named (record))
        ORDER BY head.lane FOR UPDATE;

    SELECT named.record INTO which
        FROM (SELECT DISTINCT given.record, given.version FROM unnest(records, decided_on) AS given (record, version))
            AS named
        WHERE named.version <> coalesce((
            SELECT known.record_version FROM cairn.event known
            WHERE known.lane = get_byte(sha256(uuid_send(named.record)), 0) AND known.record_id = named.record
                AND known.clinic_id = a_clinic
            ORDER BY known.record_version DESC LIMIT 1
        ), 0) LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'a record is at another version' USING ERRCODE = 'CN001', DETAIL = which;
    END IF;

    -- A stream is proven to be its record's by its row: one that is written now, or one that is there.
    SELECT begun.record INTO which
        FROM (
            SELECT given.record,
                min(given.place) FILTER (WHERE given.stream = given.record AND given.version = 1) = min(given.place) AS rightly
            FROM unnest(records, streams, stream_versions, decided_on) WITH ORDINALITY
                AS given (record, stream, version, decided, place)
            WHERE given.decided = 0 GROUP BY given.record
        ) AS begun
        WHERE begun.rightly IS NOT TRUE LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'a record begins with its own stream' USING ERRCODE = 'CN002', DETAIL = which;
    END IF;
    INSERT INTO cairn.stream (stream_id, record_id, clinic_id, kind)
        SELECT given.stream, given.record, a_clinic, given.kind
        FROM unnest(streams, records, kinds, stream_versions) AS given (stream, record, kind, version)
        WHERE given.version = 1;
    SELECT named.record INTO which
        FROM (SELECT DISTINCT given.stream, given.record
            FROM unnest(streams, records, stream_versions) AS given (stream, record, version)
            WHERE given.stream <> given.record AND given.version <> 1) AS named
        WHERE named.record IS DISTINCT FROM (
            SELECT known.record_id FROM cairn.stream known
            WHERE known.stream_id = named.stream AND known.clinic_id = a_clinic
        ) LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'a stream is not of its record' USING ERRCODE = 'CN002', DETAIL = which;
    END IF;

    WITH given AS (
        SELECT one.*, get_byte(sha256(uuid_send(one.record)), 0)::smallint AS lane,
            row_number() OVER (PARTITION BY one.record ORDER BY one.place) + one.decided AS record_version
        FROM unnest(records, decided_on, streams, stream_versions, events, types, schemas, times, bodies, sealeds, keys,
            metas) WITH ORDINALITY
            AS one (record, decided, stream, stream_version, event, type, schema, time, body, sealed, key, meta, place)
    ), placed AS (
        SELECT given.*, head.position + row_number() OVER (PARTITION BY given.lane ORDER BY given.place) AS position,
            greatest(statement_timestamp(), head.recorded_at) AS recorded_at, head.hash AS head_hash,
            CASE WHEN given.sealed IS NOT NULL THEN given.key END AS key_of_event
        FROM given JOIN cairn.lane_head head ON head.lane = given.lane
    ), linked AS (
        SELECT placed.*, cairn.chained(
            cairn.fields(
                placed.lane, placed.position, a_clinic, placed.record, placed.record_version, placed.stream,
                placed.stream_version, placed.event, placed.type, placed.schema, placed.time, placed.recorded_at,
                placed.body, placed.sealed, placed.key_of_event, placed.meta
            ), placed.head_hash
        ) OVER (PARTITION BY placed.lane ORDER BY placed.position ROWS UNBOUNDED PRECEDING) AS hash
        FROM placed
    ), kept AS (
        INSERT INTO cairn.event (
            lane, position, clinic_id, record_id, record_version, stream_id, version, event_id, type, schema,
            occurred_at, recorded_at, body, sealed, key_id, meta, hash
        )
        SELECT lane, position, a_clinic, record, record_version, stream, stream_version, event, type, schema, time,
            recorded_at, body, sealed, key_of_event, meta, hash
        FROM linked
        RETURNING lane, position, hash, recorded_at
    )
    UPDATE cairn.lane_head head SET position = ends.position, hash = ends.hash, recorded_at = ends.recorded_at
        FROM (SELECT DISTINCT ON (kept.lane) kept.* FROM kept ORDER BY kept.lane, kept.position DESC) AS ends
        WHERE head.lane = ends.lane;
END
$$;

SELECT set_config('role', pg_get_userbyid(datdba), true) FROM pg_database WHERE datname = current_database();
REVOKE CREATE ON SCHEMA cairn FROM cairn_log_definer;
