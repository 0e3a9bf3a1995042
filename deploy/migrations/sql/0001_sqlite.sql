-- The event store on SQLite. One writer by nature: AUTOINCREMENT positions commit in order.

CREATE TABLE events (
    position INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    stream TEXT NOT NULL,
    version INTEGER NOT NULL CHECK (version > 0),
    type TEXT NOT NULL,
    schema_version INTEGER NOT NULL CHECK (schema_version > 0),
    data TEXT NOT NULL,
    metadata TEXT NOT NULL,
    recorded_at TEXT NOT NULL,
    correlation_id TEXT,
    UNIQUE (stream, version)
);

CREATE INDEX events_of_a_case ON events (correlation_id, position) WHERE correlation_id IS NOT NULL;

CREATE TABLE log (
    sequence INTEGER PRIMARY KEY,
    position INTEGER NOT NULL UNIQUE REFERENCES events (position),
    feed_sequence INTEGER,
    leaf BLOB NOT NULL
);

CREATE UNIQUE INDEX log_feed ON log (feed_sequence) WHERE feed_sequence IS NOT NULL;

CREATE TABLE log_nodes (
    level INTEGER NOT NULL,
    "index" INTEGER NOT NULL,
    hash BLOB NOT NULL,
    PRIMARY KEY (level, "index")
) WITHOUT ROWID;

CREATE TABLE heads (
    number INTEGER PRIMARY KEY,
    service TEXT NOT NULL,
    size INTEGER NOT NULL,
    feed_size INTEGER NOT NULL,
    root TEXT NOT NULL,
    at TEXT NOT NULL,
    clock TEXT NOT NULL,
    signature TEXT NOT NULL
);

CREATE TABLE commands (
    command_id TEXT PRIMARY KEY,
    digest TEXT NOT NULL,
    answer TEXT NOT NULL
) WITHOUT ROWID;

CREATE TRIGGER events_no_update BEFORE UPDATE ON events
BEGIN SELECT RAISE(ABORT, 'events is append-only'); END;
CREATE TRIGGER events_no_delete BEFORE DELETE ON events
BEGIN SELECT RAISE(ABORT, 'events is append-only'); END;
CREATE TRIGGER log_no_update BEFORE UPDATE ON log
BEGIN SELECT RAISE(ABORT, 'log is append-only'); END;
CREATE TRIGGER log_no_delete BEFORE DELETE ON log
BEGIN SELECT RAISE(ABORT, 'log is append-only'); END;
CREATE TRIGGER log_nodes_no_update BEFORE UPDATE ON log_nodes
BEGIN SELECT RAISE(ABORT, 'log_nodes is append-only'); END;
CREATE TRIGGER log_nodes_no_delete BEFORE DELETE ON log_nodes
BEGIN SELECT RAISE(ABORT, 'log_nodes is append-only'); END;
CREATE TRIGGER heads_no_update BEFORE UPDATE ON heads
BEGIN SELECT RAISE(ABORT, 'heads is append-only'); END;
CREATE TRIGGER heads_no_delete BEFORE DELETE ON heads
BEGIN SELECT RAISE(ABORT, 'heads is append-only'); END;
