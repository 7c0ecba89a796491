-- Appends one event of one record. The caller names the record's version that it decided on.
--   CN001 the record is at another version (DETAIL: at which)      CN002 the stream is not this record's
--   23505 on stream_pkey: a new stream's id is taken, maybe where the caller cannot look
-- To move the lane's head on is to take its lock. What must be true now is asked in statements after that one: a
-- statement that waits for a lock goes on to read what was true before it waited. One statement of a caller is one
-- moment, however many events it appends. Values come one by one and the answer is a number, for arrays and rows
-- cost more than the insert does.
CREATE FUNCTION cairn.append(
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
        WHERE known.lane = in_lane AND known.record_id = a_record ORDER BY known.record_version DESC LIMIT 1;
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
        PERFORM FROM cairn.stream known WHERE known.stream_id = a_stream AND known.record_id = a_record;
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
