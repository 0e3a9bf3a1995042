-- The event store on PostgreSQL. The service's role may read; it writes only through store_append,
-- store_append_once and store_seal, which run with the rights of the owner. Triggers stand behind.
--
-- Text columns collate as "C": ids and names are compared as bytes, which is also the fastest.

CREATE SEQUENCE events_position_seq CACHE 1;

CREATE TABLE events (
    position bigint PRIMARY KEY DEFAULT nextval('events_position_seq'),
    id text COLLATE "C" NOT NULL CONSTRAINT events_id UNIQUE,
    stream text COLLATE "C" NOT NULL,
    version integer NOT NULL CHECK (version > 0),
    type text COLLATE "C" NOT NULL,
    schema_version integer NOT NULL CHECK (schema_version > 0),
    data text COLLATE "C" NOT NULL,
    metadata text COLLATE "C" NOT NULL,
    recorded_at text COLLATE "C" NOT NULL,
    correlation_id text COLLATE "C",
    CONSTRAINT events_stream_version UNIQUE (stream, version)
);

ALTER SEQUENCE events_position_seq OWNED BY events.position;

CREATE INDEX events_of_a_case ON events (correlation_id, position) WHERE correlation_id IS NOT NULL;

CREATE TABLE log (
    sequence bigint PRIMARY KEY,
    position bigint NOT NULL CONSTRAINT log_position UNIQUE REFERENCES events (position),
    feed_sequence bigint,
    leaf bytea NOT NULL CHECK (length(leaf) = 32)
);

CREATE UNIQUE INDEX log_feed ON log (feed_sequence) WHERE feed_sequence IS NOT NULL;

CREATE TABLE log_nodes (
    level integer NOT NULL,
    index bigint NOT NULL,
    hash bytea NOT NULL CHECK (length(hash) = 32),
    PRIMARY KEY (level, index)
);

CREATE TABLE heads (
    number bigint PRIMARY KEY,
    service text NOT NULL,
    size bigint NOT NULL,
    feed_size bigint NOT NULL,
    root text NOT NULL,
    at text NOT NULL,
    clock text NOT NULL,
    signature text NOT NULL
);

CREATE TABLE commands (
    command_id text COLLATE "C" PRIMARY KEY,
    digest text NOT NULL,
    answer text NOT NULL
);

-- Appending -----------------------------------------------------------------------------------

-- The fence: every append holds this lock, shared, from before it draws a position until its
-- commit is visible; store_fence tells the sequencer who holds it. Nobody ever takes it exclusively.
--
-- In p_cases '' stands for no case.
--
-- No stream head row: max(version) sees committed versions only, so version n + 1 draws its position
-- after version n was committed, and of two equal ones the unique constraint lets one live.
CREATE FUNCTION store_append(
    p_stream text, p_expected integer, p_ids text[], p_types text[], p_schema_versions integer[],
    p_data text[], p_metadata text[], p_cases text[]
) RETURNS text LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
    v_actual integer;
    v_recorded_at text;
BEGIN
    PERFORM pg_advisory_xact_lock_shared(1735554147, 1);
    SELECT max(version) INTO v_actual FROM events WHERE stream = p_stream;
    IF coalesce(v_actual, 0) <> p_expected THEN
        RAISE EXCEPTION '% is at %, % was expected', p_stream, coalesce(v_actual, 0), p_expected
            USING ERRCODE = 'GC001';
    END IF;
    v_recorded_at := to_char(clock_timestamp() AT TIME ZONE 'Asia/Taipei',
                             'YYYY-MM-DD"T"HH24:MI:SS.US"+08:00"');
    INSERT INTO events (id, stream, version, type, schema_version, data, metadata,
                        recorded_at, correlation_id)
    SELECT new.id, p_stream, p_expected + new.nth, new.type, new.schema_version, new.data,
           new.metadata, v_recorded_at, nullif(new.correlation_id, '')
    FROM unnest(p_ids, p_types, p_schema_versions, p_data, p_metadata, p_cases)
         WITH ORDINALITY AS new (id, type, schema_version, data, metadata, correlation_id, nth)
    ORDER BY new.nth;
    RETURN v_recorded_at;
END $$;

-- One event, everything in one function and no array: the hot path. p_command is NULL inside a
-- transaction that remembers its command by itself. NULL when the command id is known: the caller
-- then reads the first answer.
CREATE FUNCTION store_append_one(
    p_command text, p_digest text, p_stream text, p_expected integer, p_id text, p_type text,
    p_schema_version integer, p_data text, p_metadata text, p_case text
) RETURNS text LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
    v_actual integer;
    v_recorded_at text;
BEGIN
    IF p_command IS NOT NULL THEN
        INSERT INTO commands (command_id, digest, answer)
        VALUES (p_command, p_digest, '{"first_version":' || p_expected + 1 || ',"last_version":'
                                     || p_expected + 1 || '}')
        ON CONFLICT DO NOTHING;
        IF NOT FOUND THEN
            RETURN NULL;
        END IF;
    END IF;
    PERFORM pg_advisory_xact_lock_shared(1735554147, 1);
    SELECT max(version) INTO v_actual FROM events WHERE stream = p_stream;
    IF coalesce(v_actual, 0) <> p_expected THEN
        RAISE EXCEPTION '% is at %, % was expected', p_stream, coalesce(v_actual, 0), p_expected
            USING ERRCODE = 'GC001';
    END IF;
    v_recorded_at := to_char(clock_timestamp() AT TIME ZONE 'Asia/Taipei',
                             'YYYY-MM-DD"T"HH24:MI:SS.US"+08:00"');
    INSERT INTO events (id, stream, version, type, schema_version, data, metadata, recorded_at,
                        correlation_id)
    VALUES (p_id, p_stream, p_expected + 1, p_type, p_schema_version, p_data, p_metadata,
            v_recorded_at, p_case);
    RETURN v_recorded_at;
END $$;

-- Several events and the command id; NULL as above.
CREATE FUNCTION store_append_once(
    p_command text, p_digest text, p_stream text, p_expected integer, p_ids text[],
    p_types text[], p_schema_versions integer[], p_data text[], p_metadata text[], p_cases text[]
) RETURNS text LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
    INSERT INTO commands (command_id, digest, answer)
    VALUES (p_command, p_digest, '{"first_version":' || p_expected + 1 || ',"last_version":'
                                 || p_expected + cardinality(p_ids) || '}')
    ON CONFLICT DO NOTHING;
    IF NOT FOUND THEN
        RETURN NULL;
    END IF;
    RETURN store_append(p_stream, p_expected, p_ids, p_types, p_schema_versions, p_data,
                        p_metadata, p_cases);
END $$;

-- Sealing -------------------------------------------------------------------------------------

-- First the last position drawn, then who still holds the fence: in this order every position up
-- to that one belongs to a transaction that has ended or is among the holders.
CREATE FUNCTION store_fence(OUT last_position bigint, OUT holders text[])
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
    SELECT CASE WHEN is_called THEN last_value ELSE 0 END INTO last_position
    FROM events_position_seq;
    SELECT array_agg(virtualtransaction) INTO holders
    FROM pg_locks
    WHERE locktype = 'advisory' AND classid = 1735554147 AND objid = 1 AND objsubid = 2
      AND database = (SELECT oid FROM pg_database WHERE datname = current_database());
END $$;

CREATE FUNCTION store_fence_held(p_holders text[]) RETURNS boolean
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    SELECT EXISTS (
        SELECT FROM pg_locks
        WHERE locktype = 'advisory' AND classid = 1735554147 AND objid = 1 AND objsubid = 2
          AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
          AND virtualtransaction = ANY (p_holders))
$$;

-- Hashes arrive joined, 32 bytes each; p_head holds the columns of heads in order, or is NULL.
CREATE FUNCTION store_seal(
    p_size bigint, p_positions bigint[], p_feed_sequences bigint[], p_leaves bytea,
    p_levels integer[], p_indexes bigint[], p_hashes bytea, p_head text[]
) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
    v_size bigint;
BEGIN
    SELECT max(sequence) INTO v_size FROM log;
    IF coalesce(v_size, 0) <> p_size THEN
        RAISE EXCEPTION 'the log is at %, not at %', coalesce(v_size, 0), p_size
            USING ERRCODE = 'GC002';
    END IF;
    INSERT INTO log (sequence, position, feed_sequence, leaf)
    SELECT p_size + new.nth, new.position, new.feed_sequence,
           substring(p_leaves FROM (32 * new.nth - 31)::integer FOR 32)
    FROM unnest(p_positions, p_feed_sequences) WITH ORDINALITY AS new (position, feed_sequence, nth);
    INSERT INTO log_nodes (level, index, hash)
    SELECT new.level, new.index, substring(p_hashes FROM (32 * new.nth - 31)::integer FOR 32)
    FROM unnest(p_levels, p_indexes) WITH ORDINALITY AS new (level, index, nth);
    IF p_head IS NOT NULL THEN
        INSERT INTO heads (number, service, size, feed_size, root, at, clock, signature)
        VALUES (p_head[1]::bigint, p_head[2], p_head[3]::bigint, p_head[4]::bigint, p_head[5],
                p_head[6], p_head[7], p_head[8]);
    END IF;
    IF cardinality(p_positions) > 0 THEN
        PERFORM pg_notify('grantcase_sealed', (p_size + cardinality(p_positions))::text);
    END IF;
END $$;

-- Append-only ---------------------------------------------------------------------------------

CREATE FUNCTION store_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'GC003';
END $$;

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON events
    FOR EACH STATEMENT EXECUTE FUNCTION store_refuse();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON log
    FOR EACH STATEMENT EXECUTE FUNCTION store_refuse();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON log_nodes
    FOR EACH STATEMENT EXECUTE FUNCTION store_refuse();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON heads
    FOR EACH STATEMENT EXECUTE FUNCTION store_refuse();

REVOKE ALL ON ALL TABLES IN SCHEMA public FROM PUBLIC;
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA public FROM PUBLIC;
