CREATE SCHEMA cairn;

-- Where each lane ends. 256 rows, born here; an append locks its lane's row until it commits.
CREATE TABLE cairn.lane_head (
    lane smallint PRIMARY KEY,
    position bigint NOT NULL,
    hash bytea NOT NULL,
    recorded_at timestamptz
) WITH (fillfactor = 10);
INSERT INTO cairn.lane_head (lane, position, hash)
    SELECT lane, 0, decode(repeat('00', 32), 'hex') FROM generate_series(0, 255) AS lane;

-- The log. Its fields, their order and their encoding under the hash: docs/log-format.md.
CREATE TABLE cairn.event (
    lane smallint NOT NULL,
    position bigint NOT NULL,
    clinic_id uuid NOT NULL,
    record_id uuid NOT NULL,
    record_version bigint NOT NULL,
    stream_id uuid NOT NULL,
    version bigint NOT NULL,
    event_id uuid NOT NULL,
    type text NOT NULL,
    schema integer NOT NULL,
    occurred_at timestamptz NOT NULL,
    recorded_at timestamptz NOT NULL,
    body bytea NOT NULL,
    sealed bytea,
    key_id uuid,
    meta bytea NOT NULL,
    hash bytea NOT NULL,
    PRIMARY KEY (lane, position),
    UNIQUE (lane, record_id, record_version)
) PARTITION BY HASH (lane);

DO $$
BEGIN
    FOR part IN 0..15 LOOP
        EXECUTE format(
            'CREATE TABLE cairn.event_%s PARTITION OF cairn.event FOR VALUES WITH (MODULUS 16, REMAINDER %s)',
            to_char(part, 'FM00'), part
        );
    END LOOP;
END
$$;

-- Every stream once: its record, and so its lane. A record's first stream bears the record's id.
CREATE TABLE cairn.stream (
    stream_id uuid PRIMARY KEY,
    record_id uuid NOT NULL,
    clinic_id uuid NOT NULL,
    kind text NOT NULL CHECK (kind IN ('clinic', 'client', 'goal')),
    CHECK ((kind = 'goal') = (stream_id <> record_id)),
    CHECK ((kind = 'clinic') = (stream_id = clinic_id))
);

-- The state that the events add up to, sealed: one row a stream.
CREATE TABLE cairn.current (
    stream_id uuid PRIMARY KEY,
    record_id uuid NOT NULL,
    clinic_id uuid NOT NULL,
    kind text NOT NULL,
    version bigint NOT NULL,
    record_version bigint NOT NULL,
    state bytea NOT NULL
) WITH (fillfactor = 80);
CREATE INDEX current_of_clinic ON cairn.current (clinic_id, kind, stream_id);
CREATE INDEX current_of_record ON cairn.current (record_id);

-- Whose number or address it is, by its keyed hash: one client for each in a clinic.
CREATE TABLE cairn.address (
    clinic_id uuid NOT NULL,
    channel text NOT NULL,
    digest bytea NOT NULL,
    record_id uuid NOT NULL,
    PRIMARY KEY (clinic_id, channel, digest)
);
CREATE INDEX address_of_record ON cairn.address (record_id);
