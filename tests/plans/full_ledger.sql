SET session_replication_role = replica;
CREATE TEMP TABLE who AS
    SELECT n, md5('r' || n)::uuid AS client, md5('c' || n %% 100)::uuid AS clinic FROM generate_series(1, %(many)s) AS n;
INSERT INTO person (client_id, clinic_id, version, sealed) SELECT client, clinic, 1, '\x00' FROM who;
INSERT INTO contact SELECT 'sms', sha256(uuid_send(client)), client, clinic FROM who;
INSERT INTO reminder (reminder_id, client_id, clinic_id, kind, channel, zone, cadence, active, next_due_at,
        correlation_id)
    SELECT gen_random_uuid(), client, clinic, 'practice', 'sms', 'America/New_York',
        '{"days":["mon"],"times":["09:00"]}', n %% 20 > 0, %(now)s + n * interval '1 minute', 'c' FROM who;
INSERT INTO prompt (key, client_id, clinic_id, kind, channels, detail, due_at, expires_at, correlation_id)
    SELECT 'quiet:' || n, client, clinic, 'quiet', '{sms}', '{}', %(now)s + n * interval '1 minute',
        %(now)s + interval '1 year', 'c' FROM who;
INSERT INTO occasion (occasion_id, key, client_id, clinic_id, kind, detail, due_at, expires_at, correlation_id,
        created_at)
    SELECT md5('o' || n)::uuid, 'key:' || n, client, clinic, 'practice', '{}', %(now)s, %(now)s, 'c', %(now)s FROM who;
INSERT INTO message (message_id, client_id, clinic_id, channel, queue, state, correlation_id, provider_id, created_at,
        next_attempt_at, rung_at, claimed_at, said_at, settled_at, reconcile_at, direct)
    SELECT md5('m' || n)::uuid, client, clinic, 'sms', 'bulk',
        CASE WHEN n %% 50 = 0 THEN 'planned' WHEN n %% 1000 = 1 THEN 'sending' WHEN n %% 1000 = 2 THEN 'unknown'
             ELSE 'delivered' END,
        'c', 'SM' || n, %(now)s - n * interval '1 minute', %(now)s + (n - 100) * interval '1 minute', NULL,
        %(now)s - n * interval '1 minute', %(now)s - n * interval '1 minute', %(now)s - n * interval '1 minute',
        CASE WHEN n %% 1000 = 2 THEN %(now)s END, n %% 10 = 3
      FROM who;
INSERT INTO message_occasion SELECT md5('m' || n)::uuid, md5('o' || n)::uuid, 'planned' FROM who;
INSERT INTO direct (message_id, record_id, kind, despite_opt_out, expires_at)
    SELECT md5('m' || n)::uuid, client, CASE n %% 100 WHEN 3 THEN 'signpost' ELSE 'reply' END, false,
        %(now)s - n * interval '1 minute' FROM who WHERE n %% 10 = 3;
INSERT INTO callback SELECT 'SM' || n, 'delivered', md5('m' || n)::uuid, %(now)s FROM who;
INSERT INTO inbound (inbound_id, channel, from_hash, client_id, clinic_id, intent, received_at, correlation_id)
    SELECT gen_random_uuid(), 'sms', sha256(uuid_send(client)), client, clinic, 'win', %(now)s, 'c' FROM who;
INSERT INTO outgoing (fact_id, record_id, clinic_id, kind, method, path, correlation_id, state, created_at,
        next_attempt_at, via)
    SELECT gen_random_uuid(), client, clinic, 'win.recorded', 'PUT', '/', 'c',
        CASE WHEN n %% 1000 = 0 THEN 'waiting' ELSE 'told' END, %(now)s, %(now)s + n * interval '1 minute', 'sms'
      FROM who;
INSERT INTO outbox (message_id, record_id, channel, sealed, at)
    SELECT md5('m' || n)::uuid, client, 'sms', '\x00', %(now)s FROM who;
INSERT INTO opt_out (address_hash, channel, source, at)
    SELECT sha256(uuid_send(client)), 'sms', 'reply', %(now)s FROM who;
INSERT INTO erased_client (client_id, clinic_id, erased_at, key_destroyed_at)
    SELECT gen_random_uuid(), clinic, %(now)s, %(now)s FROM who;
INSERT INTO flag (flag_id, client_id, clinic_id, raised_at) SELECT gen_random_uuid(), client, clinic, %(now)s FROM who;
INSERT INTO quiet SELECT client, 'resting', %(now)s FROM who;
INSERT INTO question (client_id, kind, goals, asked_at) SELECT client, 'opt_in', '{}', %(now)s FROM who;
RESET session_replication_role;
