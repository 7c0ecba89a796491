REVOKE ALL ON FUNCTION cairn.append, cairn.keep, cairn.write_one FROM PUBLIC;
GRANT EXECUTE ON FUNCTION cairn.append, cairn.keep, cairn.write_one TO cairn_goals;

-- The append acts as a role that owns nothing else, so that row-level security binds it.
GRANT CREATE ON SCHEMA cairn TO cairn_log_definer;
ALTER FUNCTION cairn.append OWNER TO cairn_log_definer;
REVOKE CREATE ON SCHEMA cairn FROM cairn_log_definer;
