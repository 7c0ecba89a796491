-- As before, but for how a stream is looked up: one by one, by its key, whatever the planner thinks of how many there are.
-- A join with all streams cost a tenth of an import into a small log, and would have cost all of one into a large log.
DROP FUNCTION cairn.append_all(
    uuid, uuid[], bigint[], uuid[], text[], bigint[], uuid[], text[], integer[], timestamptz[], bytea[], bytea[], uuid[],
    bytea[]
);

-- Appends the events of many records of one clinic, all or none, as cairn.append does one by one and with all that it
-- makes sure of: the lanes' locks, the version that each record was decided on, its streams, the chain, and the clinic's
-- row-level security. The events of a record stand in their order, `decided_on` is the version before the first of them.
--   CN001 a record is at another version      CN002 a stream is not of its record       (DETAIL: which record)
--   23505 on stream_pkey: a new stream's id is taken, maybe where the caller cannot look
-- The locks are taken in the lanes' order, and held before anything is looked at.
CREATE FUNCTION cairn.append_all(
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
            SELECT known.record_id FROM cairn.stream known WHERE known.stream_id = named.stream
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

REVOKE ALL ON FUNCTION cairn.append_all FROM PUBLIC;
GRANT EXECUTE ON FUNCTION cairn.append_all TO cairn_goals;
GRANT CREATE ON SCHEMA cairn TO cairn_log_definer;
ALTER FUNCTION cairn.append_all OWNER TO cairn_log_definer;
REVOKE CREATE ON SCHEMA cairn FROM cairn_log_definer;
