INSERT INTO record_key (record_id, key_id, wrapped, master_id, destroyed_at)
    SELECT md5('r' || n)::uuid, gen_random_uuid(), NULL, 'gone', now() FROM generate_series(1, %(many)s) AS n
