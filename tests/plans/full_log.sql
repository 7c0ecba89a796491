SET session_replication_role = replica;
CREATE TEMP TABLE who AS
    SELECT n, r AS record, get_byte(sha256(uuid_send(r)), 0)::int2 AS lane, md5('g' || n)::uuid AS goal,
           CASE WHEN n <= 300 THEN %(clinic)s::uuid ELSE md5('c' || n %% 40)::uuid END AS clinic
      FROM (SELECT n, md5('r' || n)::uuid AS r FROM generate_series(1, %(clients)s) AS n) AS made;
INSERT INTO cairn.stream SELECT record, record, clinic, 'client' FROM who
    UNION ALL SELECT goal, record, clinic, 'goal' FROM who;
INSERT INTO cairn.current (stream_id, record_id, clinic_id, kind, version, record_version, state)
    SELECT stream_id, record_id, clinic_id, kind, 1, 1, '\x00' FROM cairn.stream WHERE kind <> 'clinic';
INSERT INTO cairn.event (lane, position, clinic_id, record_id, record_version, stream_id, version, event_id, type,
        schema, occurred_at, recorded_at, body, meta, hash)
    SELECT lane, head.position + row_number() OVER (PARTITION BY lane ORDER BY v, n), clinic, record, v, record, v,
        gen_random_uuid(), CASE v WHEN 1 THEN 'cairn.client.registered.v1' ELSE 'cairn.win.recorded.v1' END, 1,
        %(now)s, %(now)s, convert_to(CASE v
            WHEN 1 THEN '{"adult":true,"locale":"en","time_zone":"America/New_York"}'
            ELSE '{"kind":"showed_up","on":"2026-03-02","win_id":"' || gen_random_uuid() || '"}' END, 'UTF8'),
        '{"actor":{"id":"a","kind":"client","via":"web"},"correlation_id":"c"}', decode(md5(n || ' ' || v), 'hex')
      FROM who CROSS JOIN generate_series(1, %(each)s) AS v JOIN cairn.lane_head head USING (lane);
UPDATE cairn.lane_head head SET position = ends.position, recorded_at = %(now)s
    FROM (SELECT lane, max(position) AS position FROM cairn.event GROUP BY lane) AS ends WHERE ends.lane = head.lane;
UPDATE cairn.erasure_seen seen SET position = head.position FROM cairn.lane_head head WHERE head.lane = seen.lane;
INSERT INTO cairn.access (clinic_id, record_id, access_id, seen_at, actor_kind, actor_id, role, via, operation,
        correlation_id)
    SELECT clinic, record, gen_random_uuid(), %(now)s, 'staff', 'a', 'therapist', 'web', 'client', 'c'
      FROM who CROSS JOIN generate_series(1, 20);
INSERT INTO cairn.address SELECT clinic, 'sms', sha256(uuid_send(record)), record FROM who;
INSERT INTO cairn.erasure (record_id, clinic_id, erasure_id, granted_at, erased_at, done_at)
    SELECT gen_random_uuid(), clinic, gen_random_uuid(), %(now)s, %(now)s, %(now)s FROM who;
RESET session_replication_role;
