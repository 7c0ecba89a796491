-- One link of the chain; docs/log-format.md says the same in words. array_send writes each field behind its length
-- in four bytes, and a null as the length -1; what it writes before the fields, 20 bytes, is cut off.
CREATE FUNCTION cairn.link(
    previous bytea, lane smallint, "position" bigint, clinic_id uuid, record_id uuid, record_version bigint,
    stream_id uuid, version bigint, event_id uuid, type text, schema integer, occurred_at timestamptz,
    recorded_at timestamptz, body bytea, sealed bytea, key_id uuid, meta bytea
) RETURNS bytea LANGUAGE sql STABLE AS $$
    SELECT pg_catalog.sha256(previous OPERATOR(pg_catalog.||) pg_catalog.substring(pg_catalog.array_send(ARRAY[
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
    ]), 21))
$$;

-- Appends the events of one record, all or none. The caller names the record's version that it decided on.
--   CN001 the record is at another version (DETAIL: at which)      CN002 a stream is not this record's
--   23505 on stream_pkey: a new stream's id is taken, maybe where the caller cannot look
-- Each check is a statement of its own, after the lock: one that locks and checks at once would read what was
-- true before it waited.
CREATE FUNCTION cairn.append(
    a_clinic uuid, a_record uuid, a_version bigint, a_key uuid,
    stream_ids uuid[], kinds text[], versions bigint[], event_ids uuid[], types text[], schemas integer[],
    times timestamptz[], bodies bytea[], sealeds bytea[], metas bytea[],
    OUT in_lane smallint, OUT first_position bigint, OUT new_version bigint, OUT now_recorded timestamptz,
    OUT last_hash bytea
) LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
-- Left to itself the planner may think a plan over all partitions dear, and plan anew at every append.
SET plan_cache_mode = force_generic_plan AS $$
DECLARE
    for_clinic text;
    last_recorded timestamptz;
    at_position bigint;
    key_of_event uuid;
BEGIN
    for_clinic := set_config('cairn.clinic', a_clinic::text, true);
    in_lane := get_byte(sha256(uuid_send(a_record)), 0);
    SELECT head.position, head.hash, head.recorded_at INTO STRICT at_position, last_hash, last_recorded
        FROM cairn.lane_head head WHERE head.lane = in_lane FOR UPDATE;

    SELECT known.record_version INTO new_version FROM cairn.event known
        WHERE known.lane = in_lane AND known.record_id = a_record ORDER BY known.record_version DESC LIMIT 1;
    new_version := coalesce(new_version, 0);
    IF new_version <> a_version THEN
        RAISE EXCEPTION 'the record is at another version' USING ERRCODE = 'CN001', DETAIL = new_version;
    END IF;

    IF 1 = ANY (versions) THEN
        INSERT INTO cairn.stream (stream_id, record_id, clinic_id, kind)
            SELECT begun.id, a_record, a_clinic, begun.kind
            FROM unnest(stream_ids, kinds, versions) AS begun (id, kind, version) WHERE begun.version = 1;
    END IF;
    IF EXISTS (
        SELECT FROM unnest(stream_ids || a_record) AS wanted (id)
        WHERE NOT EXISTS (
            SELECT FROM cairn.stream known WHERE known.stream_id = wanted.id AND known.record_id = a_record
        )
    ) THEN
        RAISE EXCEPTION 'a stream is not of this record' USING ERRCODE = 'CN002';
    END IF;

    first_position := at_position + 1;
    now_recorded := greatest(clock_timestamp(), last_recorded);
    FOR i IN 1 .. cardinality(event_ids) LOOP
        at_position := at_position + 1;
        new_version := new_version + 1;
        key_of_event := CASE WHEN sealeds[i] IS NOT NULL THEN a_key END;
        last_hash := cairn.link(
            last_hash, in_lane, at_position, a_clinic, a_record, new_version, stream_ids[i], versions[i],
            event_ids[i], types[i], schemas[i], times[i], now_recorded, bodies[i], sealeds[i], key_of_event, metas[i]
        );
        INSERT INTO cairn.event (
            lane, position, clinic_id, record_id, record_version, stream_id, version, event_id, type, schema,
            occurred_at, recorded_at, body, sealed, key_id, meta, hash
        ) VALUES (
            in_lane, at_position, a_clinic, a_record, new_version, stream_ids[i], versions[i], event_ids[i],
            types[i], schemas[i], times[i], now_recorded, bodies[i], sealeds[i], key_of_event, metas[i], last_hash
        );
    END LOOP;
    UPDATE cairn.lane_head head SET position = at_position, hash = last_hash, recorded_at = now_recorded
        WHERE head.lane = in_lane;
END
$$;
