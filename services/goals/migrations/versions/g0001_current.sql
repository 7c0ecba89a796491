-- Appends, and keeps the current state and the addresses in step: one call, one transaction, one round trip.
--   CN003 a number or an address is another client's
CREATE FUNCTION cairn.write(
    a_clinic uuid, a_record uuid, a_version bigint, a_key uuid,
    stream_ids uuid[], kinds text[], versions bigint[], event_ids uuid[], types text[], schemas integer[],
    times timestamptz[], bodies bytea[], sealeds bytea[], metas bytea[],
    row_streams uuid[], row_kinds text[], row_versions bigint[], row_states bytea[],
    channels text[], digests bytea[], claims boolean[],
    OUT in_lane smallint, OUT first_position bigint, OUT new_version bigint, OUT now_recorded timestamptz,
    OUT last_hash bytea
) LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    SELECT done.* INTO in_lane, first_position, new_version, now_recorded, last_hash
        FROM cairn.append(
            a_clinic, a_record, a_version, a_key, stream_ids, kinds, versions, event_ids, types, schemas,
            times, bodies, sealeds, metas
        ) done;
    FOR i IN 1 .. cardinality(row_streams) LOOP
        INSERT INTO cairn.current AS known (stream_id, record_id, clinic_id, kind, version, record_version, state)
            VALUES (row_streams[i], a_record, a_clinic, row_kinds[i], row_versions[i], new_version, row_states[i])
            ON CONFLICT (stream_id) DO UPDATE
            SET version = excluded.version, record_version = excluded.record_version, state = excluded.state
            WHERE known.record_version < excluded.record_version;
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

-- The reads set the clinic themselves: what they find is the clinic's, in one round trip.
CREATE FUNCTION cairn.load(a_clinic uuid, a_stream uuid) RETURNS SETOF cairn.event
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_generic_plan AS $$
DECLARE
    a_record uuid;
    in_lane smallint;
BEGIN
    PERFORM set_config('cairn.clinic', a_clinic::text, true);
    SELECT known.record_id INTO a_record FROM cairn.stream known WHERE known.stream_id = a_stream;
    IF FOUND THEN
        in_lane := get_byte(sha256(uuid_send(a_record)), 0);
        RETURN QUERY SELECT found.* FROM cairn.event found
            WHERE found.lane = in_lane AND found.record_id = a_record ORDER BY found.record_version;
    END IF;
END
$$;

CREATE FUNCTION cairn.record_of(a_clinic uuid, a_stream uuid) RETURNS uuid
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM set_config('cairn.clinic', a_clinic::text, true);
    RETURN (SELECT known.record_id FROM cairn.stream known WHERE known.stream_id = a_stream);
END
$$;

CREATE FUNCTION cairn.current_of(a_clinic uuid, a_stream uuid) RETURNS SETOF cairn.current
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM set_config('cairn.clinic', a_clinic::text, true);
    RETURN QUERY SELECT known.* FROM cairn.current known WHERE known.stream_id = a_stream;
END
$$;

CREATE FUNCTION cairn.currents_of(a_clinic uuid, a_record uuid) RETURNS SETOF cairn.current
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM set_config('cairn.clinic', a_clinic::text, true);
    RETURN QUERY SELECT known.* FROM cairn.current known WHERE known.record_id = a_record ORDER BY known.stream_id;
END
$$;

CREATE FUNCTION cairn.clients_of(a_clinic uuid, after_id uuid, at_most integer) RETURNS SETOF cairn.current
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM set_config('cairn.clinic', a_clinic::text, true);
    RETURN QUERY SELECT known.* FROM cairn.current known
        WHERE known.clinic_id = a_clinic AND known.kind = 'client' AND known.stream_id > after_id
        ORDER BY known.stream_id LIMIT at_most;
END
$$;
