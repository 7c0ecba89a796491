-- The hash of each row of a lane in turn: of what went before it, the head's at first, and of its own fields.
CREATE FUNCTION cairn.chained_on(so_far bytea, fields bytea, head bytea) RETURNS bytea
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN
    RETURN pg_catalog.sha256(coalesce(so_far, head) OPERATOR(pg_catalog.||) fields);
END
$$;
CREATE AGGREGATE cairn.chained(fields bytea, head bytea) (SFUNC = cairn.chained_on, STYPE = bytea);

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
            SELECT DISTINCT ON (given.record) given.record, given.stream, given.version, given.decided
            FROM unnest(records, streams, stream_versions, decided_on) WITH ORDINALITY
                AS given (record, stream, version, decided, place)
            ORDER BY given.record, given.place
        ) AS begun
        WHERE begun.decided = 0 AND (begun.stream <> begun.record OR begun.version <> 1) LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'a record begins with its own stream' USING ERRCODE = 'CN002', DETAIL = which;
    END IF;
    INSERT INTO cairn.stream (stream_id, record_id, clinic_id, kind)
        SELECT given.stream, given.record, a_clinic, given.kind
        FROM unnest(streams, records, kinds, stream_versions) AS given (stream, record, kind, version)
        WHERE given.version = 1;
    SELECT named.record INTO which
        FROM (SELECT DISTINCT given.stream, given.record FROM unnest(streams, records) AS given (stream, record)
            WHERE given.stream <> given.record) AS named
        WHERE NOT EXISTS (
            SELECT FROM cairn.stream known WHERE known.stream_id = named.stream AND known.record_id = named.record
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

-- What cairn.link hashes of a row, behind the hash of the one before it.
CREATE FUNCTION cairn.fields(
    lane smallint, "position" bigint, clinic_id uuid, record_id uuid, record_version bigint, stream_id uuid,
    version bigint, event_id uuid, type text, schema integer, occurred_at timestamptz, recorded_at timestamptz,
    body bytea, sealed bytea, key_id uuid, meta bytea
) RETURNS bytea LANGUAGE sql STABLE AS $$
    SELECT pg_catalog.substring(pg_catalog.array_send(ARRAY[
        pg_catalog.int8send(lane::pg_catalog.int8),
        pg_catalog.int8send("position"),
        pg_catalog.uuid_send(clinic_id),
        pg_catalog.uuid_send(record_id),
        pg_catalog.int8send(record_version),
        pg_catalog.uuid_send(stream_id),
        pg_catalog.int8send(version),
        pg_catalog.uuid_send(event_id),
        pg_catalog.convert_to(type, 'UTF8'),
        pg_catalog.int8send(schema::pg_catalog.int8),
        pg_catalog.timestamptz_send(occurred_at),
        pg_catalog.timestamptz_send(recorded_at),
        body,
        sealed,
        pg_catalog.uuid_send(key_id),
        meta
    ]), 21)
$$;

-- Appends many records, and keeps the state of each of their streams and the numbers and addresses that become theirs:
-- one call, one transaction, one round trip.
--   CN003 a number or an address is another client's (DETAIL: which record asked for it)
CREATE FUNCTION cairn.write_all(
    a_clinic uuid, records uuid[], decided_on bigint[], streams uuid[], kinds text[], stream_versions bigint[],
    events uuid[], types text[], schemas integer[], times timestamptz[], bodies bytea[], sealeds bytea[], keys uuid[],
    metas bytea[],
    row_records uuid[], row_streams uuid[], row_kinds text[], row_versions bigint[], row_record_versions bigint[],
    row_states bytea[],
    address_records uuid[], channels text[], digests bytea[]
) RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    which uuid;
BEGIN
    PERFORM cairn.append_all(
        a_clinic, records, decided_on, streams, kinds, stream_versions, events, types, schemas, times, bodies,
        sealeds, keys, metas
    );
    INSERT INTO cairn.current AS known (stream_id, record_id, clinic_id, kind, version, record_version, state)
        SELECT given.stream, given.record, a_clinic, given.kind, given.version, given.record_version, given.state
        FROM unnest(row_streams, row_records, row_kinds, row_versions, row_record_versions, row_states)
            AS given (stream, record, kind, version, record_version, state)
        ON CONFLICT (stream_id) DO UPDATE
        SET version = excluded.version, record_version = excluded.record_version, state = excluded.state
        WHERE known.record_version < excluded.record_version;
    -- In one order, so that two who claim the same do not wait for each other.
    INSERT INTO cairn.address (clinic_id, channel, digest, record_id)
        SELECT a_clinic, given.channel, given.digest, given.record
        FROM unnest(channels, digests, address_records) AS given (channel, digest, record)
        ORDER BY given.channel, given.digest ON CONFLICT DO NOTHING;
    SELECT given.record INTO which
        FROM unnest(channels, digests, address_records) AS given (channel, digest, record)
        WHERE NOT EXISTS (
            SELECT FROM cairn.address held WHERE held.clinic_id = a_clinic AND held.channel = given.channel
            AND held.digest = given.digest AND held.record_id = given.record
        ) LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'an address is held by another record' USING ERRCODE = 'CN003', DETAIL = which;
    END IF;
END
$$;

-- Which of these records the clinic has, and which of these numbers and addresses somebody of it holds.
CREATE FUNCTION cairn.begun(a_clinic uuid, wanted uuid[]) RETURNS SETOF uuid
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM set_config('cairn.clinic', a_clinic::text, true);
    RETURN QUERY SELECT known.stream_id FROM cairn.stream known WHERE known.stream_id = ANY (wanted);
END
$$;
CREATE FUNCTION cairn.holders(a_clinic uuid, channels text[], digests bytea[])
RETURNS TABLE (channel text, digest bytea, record_id uuid)
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM set_config('cairn.clinic', a_clinic::text, true);
    RETURN QUERY SELECT held.channel, held.digest, held.record_id
        FROM unnest(channels, digests) AS asked (channel, digest)
        JOIN cairn.address held ON held.clinic_id = a_clinic AND held.channel = asked.channel
            AND held.digest = asked.digest;
END
$$;

REVOKE ALL ON FUNCTION cairn.chained_on, cairn.chained, cairn.fields, cairn.append_all, cairn.write_all, cairn.begun,
    cairn.holders FROM PUBLIC;
GRANT EXECUTE ON FUNCTION cairn.chained_on, cairn.chained, cairn.fields TO cairn_log_definer;
GRANT EXECUTE ON FUNCTION cairn.append_all, cairn.write_all, cairn.begun, cairn.holders TO cairn_goals;
GRANT CREATE ON SCHEMA cairn TO cairn_log_definer;
ALTER FUNCTION cairn.append_all OWNER TO cairn_log_definer;
REVOKE CREATE ON SCHEMA cairn FROM cairn_log_definer;
