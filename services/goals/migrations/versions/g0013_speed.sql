-- What is sealed cannot be compressed: nobody tries any more.
ALTER TABLE cairn.event ALTER COLUMN sealed SET STORAGE EXTERNAL;
ALTER TABLE cairn.current ALTER COLUMN state SET STORAGE EXTERNAL;

-- Who works at which clinic follows the log, as before, but by what appends: a trigger with a condition has that
-- condition read and prepared anew by every append, and few events are of the staff.
DROP TRIGGER staff_kept ON cairn.event;
DROP FUNCTION cairn.keep_staff();
CREATE FUNCTION cairn.note_staff(a_clinic uuid, a_body bytea) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    said json := convert_from(a_body, 'UTF8');
BEGIN
    INSERT INTO cairn.staff (staff_id, clinic_id, role)
        VALUES ((said ->> 'staff_id')::uuid, a_clinic, said ->> 'role')
        ON CONFLICT (staff_id, clinic_id) DO UPDATE SET role = excluded.role;
END
$$;
REVOKE ALL ON FUNCTION cairn.note_staff FROM PUBLIC;
GRANT EXECUTE ON FUNCTION cairn.note_staff TO cairn_log_definer;

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
    IF a_type IN ('cairn.staff.set.v1', 'cairn.staff.left.v1') THEN
        PERFORM cairn.note_staff(a_clinic, a_body);
    END IF;
    RETURN at_position;
END
$$;
-- Appends the events of many records of one clinic, all or none, as cairn.append does one by one and with all that it
-- makes sure of: the lanes' locks, the version that each record was decided on, its streams, the chain, and the clinic's
-- row-level security. The events of a record stand together and in their order, `decided_on` is the version before the
-- first of them.
--   CN001 a record is at another version      CN002 a stream is not of its record       (DETAIL: which record)
--   22023 the events of a record do not stand together, or an array lacks a value
--   23505 on stream_pkey: a new stream's id is taken, maybe where the caller cannot look
-- The locks are taken in the lanes' order, and held before anything is looked at. What holds for all events of a stream,
-- or of a record, is made out once for all of them; the planner, which cannot see how long an array is, is told how to join.
CREATE OR REPLACE FUNCTION cairn.append_all(
    a_clinic uuid, records uuid[], decided_on bigint[], streams uuid[], kinds text[], stream_versions bigint[],
    events uuid[], types text[], schemas integer[], times timestamptz[], bodies bytea[], sealeds bytea[], keys uuid[],
    metas bytea[]
) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
SET plan_cache_mode = force_generic_plan SET enable_nestloop = off SET enable_mergejoin = off AS $$
DECLARE
    for_clinic text := set_config('cairn.clinic', a_clinic::text, true);
    -- Each stream: its record, the version decided on, the places of its first and last event here, how many they are,
    -- and the kind and the place of the one that begins it.
    s_stream uuid[]; s_record uuid[]; s_decided bigint[]; s_first integer[]; s_last integer[]; s_events bigint[];
    s_kind text[]; s_begun integer[];
    -- Each record: its lane, the version decided on, the place of its first event here, and how many they are.
    r_record uuid[]; r_lane smallint[]; r_decided bigint[]; r_first integer[]; r_events bigint[];
    sound boolean;
    written bigint;
    which uuid;
BEGIN
    SELECT array_agg(one.stream), array_agg(one.record), array_agg(one.decided), array_agg(one.first),
            array_agg(one.last), array_agg(one.events), array_agg(one.kind), array_agg(one.begun)
        INTO s_stream, s_record, s_decided, s_first, s_last, s_events, s_kind, s_begun
        FROM (
            SELECT given.stream, given.record, given.decided, min(given.place) AS first, max(given.place) AS last,
                count(*) AS events, min(given.kind) FILTER (WHERE given.version = 1) AS kind,
                min(given.place) FILTER (WHERE given.version = 1) AS begun
            FROM (
                SELECT unnest(streams) AS stream, unnest(records) AS record, unnest(decided_on) AS decided,
                    unnest(kinds) AS kind, unnest(stream_versions) AS version,
                    generate_subscripts(events, 1) AS place
            ) AS given
            GROUP BY given.stream, given.record, given.decided
        ) AS one;
    SELECT array_agg(one.record), array_agg(get_byte(sha256(uuid_send(one.record)), 0)::smallint),
            array_agg(one.decided), array_agg(one.first), array_agg(one.events),
            bool_and(one.last - one.first + 1 = one.events),
            (array_agg(one.record) FILTER (WHERE one.decided = 0 AND one.begun IS DISTINCT FROM one.first))[1]
        INTO r_record, r_lane, r_decided, r_first, r_events, sound, which
        FROM (
            SELECT named.record, named.decided, min(named.first) AS first, max(named.last) AS last,
                sum(named.events)::bigint AS events,
                min(named.begun) FILTER (WHERE named.stream = named.record) AS begun
            FROM unnest(s_stream, s_record, s_decided, s_first, s_last, s_events, s_begun)
                AS named (stream, record, decided, first, last, events, begun)
            GROUP BY named.record, named.decided
        ) AS one;
    IF which IS NOT NULL THEN
        RAISE EXCEPTION 'a record begins with its own stream' USING ERRCODE = 'CN002', DETAIL = which;
    END IF;

    PERFORM FROM cairn.lane_head head WHERE head.lane = ANY (r_lane) ORDER BY head.lane FOR UPDATE;

    SELECT named.record INTO which
        FROM unnest(r_record, r_lane, r_decided) AS named (record, lane, decided)
        WHERE named.decided <> coalesce((
            SELECT known.record_version FROM cairn.event known
            WHERE known.lane = named.lane AND known.record_id = named.record AND known.clinic_id = a_clinic
            ORDER BY known.record_version DESC LIMIT 1
        ), 0) LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'a record is at another version' USING ERRCODE = 'CN001', DETAIL = which;
    END IF;

    -- A stream is proven to be its record's by its row: one that is written now, or one that is there.
    INSERT INTO cairn.stream (stream_id, record_id, clinic_id, kind)
        SELECT named.stream, named.record, a_clinic, named.kind
        FROM unnest(s_stream, s_record, s_kind, s_begun) AS named (stream, record, kind, begun)
        WHERE named.begun IS NOT NULL;
    SELECT named.record INTO which
        FROM unnest(s_stream, s_record, s_begun) AS named (stream, record, begun)
        WHERE named.stream <> named.record AND named.begun IS NULL AND named.record IS DISTINCT FROM (
            SELECT known.record_id FROM cairn.stream known
            WHERE known.stream_id = named.stream AND known.clinic_id = a_clinic
        ) LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'a stream is not of its record' USING ERRCODE = 'CN002', DETAIL = which;
    END IF;

    WITH her AS MATERIALIZED (
        SELECT one.record, one.lane, one.decided - one.first + 1 AS version_before,
            head.position + (sum(one.events) OVER (PARTITION BY one.lane ORDER BY one.first) - one.events)::bigint
                - one.first + 1 AS position_before,
            greatest(statement_timestamp(), head.recorded_at) AS recorded_at, head.hash AS head_hash
        FROM unnest(r_record, r_lane, r_decided, r_first, r_events) AS one (record, lane, decided, first, events)
        JOIN cairn.lane_head head ON head.lane = one.lane
    ), given AS (
        SELECT unnest(records) AS record, unnest(streams) AS stream, unnest(stream_versions) AS version,
            unnest(events) AS event, unnest(types) AS type, unnest(schemas) AS schema, unnest(times) AS time,
            unnest(bodies) AS body, unnest(sealeds) AS sealed, unnest(keys) AS key, unnest(metas) AS meta,
            generate_subscripts(events, 1) AS place
    ), placed AS (
        SELECT her.lane, her.position_before + given.place AS position, given.record,
            her.version_before + given.place AS record_version, given.stream, given.version, given.event, given.type,
            given.schema, given.time, her.recorded_at, given.body, given.sealed,
            CASE WHEN given.sealed IS NOT NULL THEN given.key END AS key, given.meta, her.head_hash
        FROM given JOIN her ON her.record = given.record
    )
    INSERT INTO cairn.event (
        lane, position, clinic_id, record_id, record_version, stream_id, version, event_id, type, schema,
        occurred_at, recorded_at, body, sealed, key_id, meta, hash
    )
        SELECT lane, position, a_clinic, record, record_version, stream, version, event, type, schema, time,
            recorded_at, body, sealed, key, meta,
            cairn.chained(
                cairn.fields(
                    lane, position, a_clinic, record, record_version, stream, version, event, type, schema, time,
                    recorded_at, body, sealed, key, meta
                ), head_hash
            ) OVER (PARTITION BY lane ORDER BY position ROWS UNBOUNDED PRECEDING)
        FROM placed;
    GET DIAGNOSTICS written = ROW_COUNT;
    IF NOT sound OR written <> cardinality(events) THEN
        RAISE EXCEPTION 'the events of a record stand together, and each has all its values'
            USING ERRCODE = 'invalid_parameter_value';
    END IF;

    PERFORM cairn.note_staff(a_clinic, told.body)
        FROM (
            SELECT unnest(types) AS type, unnest(bodies) AS body, generate_subscripts(types, 1) AS place
        ) AS told
        WHERE told.type IN ('cairn.staff.set.v1', 'cairn.staff.left.v1') ORDER BY told.place;

    UPDATE cairn.lane_head head SET (position, hash, recorded_at) = (
        SELECT kept.position, kept.hash, kept.recorded_at FROM cairn.event kept
        WHERE kept.lane = head.lane AND kept.position = head.position + (
            SELECT sum(one.events)::bigint FROM unnest(r_lane, r_events) AS one (lane, events)
            WHERE one.lane = head.lane
        )
    ) WHERE head.lane = ANY (r_lane);
END
$$;

SELECT set_config('role', pg_get_userbyid(datdba), true) FROM pg_database WHERE datname = current_database();
REVOKE CREATE ON SCHEMA cairn FROM cairn_log_definer;
