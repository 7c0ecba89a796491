-- Keeps the current state of one stream, unless a later one is kept already.
CREATE FUNCTION cairn.keep(
    a_clinic uuid, a_record uuid, a_stream uuid, a_kind text, a_stream_version bigint, a_record_version bigint,
    a_state bytea
) RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    INSERT INTO cairn.current AS known (stream_id, record_id, clinic_id, kind, version, record_version, state)
        VALUES (a_stream, a_record, a_clinic, a_kind, a_stream_version, a_record_version, a_state)
        ON CONFLICT (stream_id) DO UPDATE
        SET version = excluded.version, record_version = excluded.record_version, state = excluded.state
        WHERE known.record_version < excluded.record_version;
END
$$;

-- Appends one event, and keeps the state that its stream has then: what most commands come to.
CREATE FUNCTION cairn.write_one(
    a_clinic uuid, a_record uuid, a_version bigint, a_stream uuid, a_kind text, a_stream_version bigint,
    an_event uuid, a_type text, a_schema integer, a_time timestamptz, a_body bytea, a_sealed bytea, a_key uuid,
    a_meta bytea, a_state bytea
) RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM cairn.append(
        a_clinic, a_record, a_version, a_stream, a_kind, a_stream_version, an_event, a_type, a_schema, a_time,
        a_body, a_sealed, a_key, a_meta
    );
    IF a_state IS NOT NULL THEN
        PERFORM cairn.keep(a_clinic, a_record, a_stream, a_kind, a_stream_version, a_version + 1, a_state);
    END IF;
END
$$;

-- As before, by the append of one event; what it gives back, code of the step before still reads.
CREATE OR REPLACE FUNCTION cairn.write(
    a_clinic uuid, a_record uuid, a_version bigint, a_key uuid,
    stream_ids uuid[], kinds text[], versions bigint[], event_ids uuid[], types text[], schemas integer[],
    times timestamptz[], bodies bytea[], sealeds bytea[], metas bytea[],
    row_streams uuid[], row_kinds text[], row_versions bigint[], row_states bytea[],
    channels text[], digests bytea[], claims boolean[],
    OUT in_lane smallint, OUT first_position bigint, OUT new_version bigint, OUT now_recorded timestamptz,
    OUT last_hash bytea
) LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    new_version := a_version;
    FOR i IN 1 .. cardinality(event_ids) LOOP
        PERFORM cairn.append(
            a_clinic, a_record, new_version, stream_ids[i], kinds[i], versions[i], event_ids[i], types[i],
            schemas[i], times[i], bodies[i], sealeds[i], a_key, metas[i]
        );
        new_version := new_version + 1;
    END LOOP;
    SELECT head.lane, head.position - cardinality(event_ids) + 1, head.recorded_at, head.hash
        INTO STRICT in_lane, first_position, now_recorded, last_hash
        FROM cairn.lane_head head WHERE head.lane = get_byte(sha256(uuid_send(a_record)), 0);
    FOR i IN 1 .. cardinality(row_streams) LOOP
        PERFORM cairn.keep(
            a_clinic, a_record, row_streams[i], row_kinds[i], row_versions[i], new_version, row_states[i]
        );
    END LOOP;
    -- The caller gives the digests in order, so that two who exchange addresses do not wait for each other.
    FOR i IN 1 .. cardinality(digests) LOOP
        IF claims[i] THEN
            INSERT INTO cairn.address (clinic_id, channel, digest, record_id)
                VALUES (a_clinic, channels[i], digests[i], a_record) ON CONFLICT DO NOTHING;
            IF NOT EXISTS (
                SELECT FROM cairn.address held WHERE held.clinic_id = a_clinic AND held.channel = channels[i]
                AND held.digest = digests[i] AND held.record_id = a_record
            ) THEN
                RAISE EXCEPTION 'the address is held by another record' USING ERRCODE = 'CN003';
            END IF;
        ELSE
            DELETE FROM cairn.address held WHERE held.clinic_id = a_clinic AND held.channel = channels[i]
                AND held.digest = digests[i] AND held.record_id = a_record;
        END IF;
    END LOOP;
END
$$;

-- Only the write of the step before called the append of arrays.
DROP FUNCTION cairn.append(
    uuid, uuid, bigint, uuid, uuid[], text[], bigint[], uuid[], text[], integer[], timestamptz[], bytea[], bytea[],
    bytea[]
);
