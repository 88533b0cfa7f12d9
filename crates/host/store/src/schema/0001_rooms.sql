-- Times are microseconds since the Unix epoch (_us) or milliseconds (_ms). A person is the SHA-256 of their device
-- key. A nonce is chosen by a client and may have any 64 bits: 8 bytes, big-endian, so that bytes sort as numbers do.

CREATE TABLE rooms (
    id               INTEGER PRIMARY KEY,
    name             TEXT    NOT NULL UNIQUE,
    place            TEXT    NOT NULL,
    created_at_us    INTEGER NOT NULL,
    next_participant INTEGER NOT NULL DEFAULT 1
) STRICT;

CREATE TABLE settings (
    room   INTEGER PRIMARY KEY REFERENCES rooms ON DELETE CASCADE,
    locked INTEGER NOT NULL CHECK (locked IN (0, 1)),
    lobby  INTEGER NOT NULL CHECK (lobby IN (0, 1))
) STRICT;

-- Someone who was given a role but never came in has no name and no times.
CREATE TABLE people (
    room          INTEGER NOT NULL REFERENCES rooms ON DELETE CASCADE,
    person        BLOB    NOT NULL CHECK (length(person) = 32),
    name          TEXT,
    role          TEXT    CHECK (role IN ('guest', 'member', 'moderator', 'owner')),
    first_seen_us INTEGER,
    last_seen_us  INTEGER,
    PRIMARY KEY (room, person)
) STRICT, WITHOUT ROWID;

CREATE TABLE bans (
    room      INTEGER NOT NULL REFERENCES rooms ON DELETE CASCADE,
    person    BLOB    NOT NULL CHECK (length(person) = 32),
    banned_by BLOB    NOT NULL CHECK (length(banned_by) = 32),
    invite    TEXT,
    reason    TEXT    NOT NULL,
    at_us     INTEGER NOT NULL,
    PRIMARY KEY (room, person)
) STRICT, WITHOUT ROWID;

-- Invites by which a banned person had come. They stay here when the ban is lifted.
CREATE TABLE tainted_invites (
    room   INTEGER NOT NULL REFERENCES rooms ON DELETE CASCADE,
    invite TEXT    NOT NULL,
    PRIMARY KEY (room, invite)
) STRICT, WITHOUT ROWID;

CREATE TABLE invites (
    id            TEXT    NOT NULL PRIMARY KEY,
    room          INTEGER NOT NULL REFERENCES rooms ON DELETE CASCADE,
    role          TEXT    NOT NULL CHECK (role IN ('guest', 'member', 'moderator', 'owner')),
    not_before_us INTEGER NOT NULL,
    expires_at_us INTEGER NOT NULL,
    uses          INTEGER,
    created_at_us INTEGER NOT NULL,
    revoked_at_us INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX invites_by_room ON invites (room);

CREATE TABLE invite_uses (
    room   INTEGER NOT NULL REFERENCES rooms ON DELETE CASCADE,
    invite TEXT    NOT NULL,
    person BLOB    NOT NULL CHECK (length(person) = 32),
    at_us  INTEGER NOT NULL,
    PRIMARY KEY (room, invite, person)
) STRICT, WITHOUT ROWID;

CREATE TABLE chat (
    room     INTEGER NOT NULL REFERENCES rooms ON DELETE CASCADE,
    sequence INTEGER NOT NULL,
    at_ms    INTEGER NOT NULL,
    author   BLOB    NOT NULL CHECK (length(author) = 32),
    name     TEXT    NOT NULL,
    nonce    BLOB    NOT NULL CHECK (length(nonce) = 8),
    text     TEXT    NOT NULL,
    PRIMARY KEY (room, sequence),
    UNIQUE (room, author, nonce)
) STRICT, WITHOUT ROWID;

-- The UNIQUE index also tells each author's last nonce without touching the operations.
CREATE TABLE board_log (
    room      INTEGER NOT NULL REFERENCES rooms ON DELETE CASCADE,
    board     INTEGER NOT NULL,
    sequence  INTEGER NOT NULL,
    author    BLOB    NOT NULL CHECK (length(author) = 32),
    nonce     BLOB    NOT NULL CHECK (length(nonce) = 8),
    at_us     INTEGER NOT NULL,
    operation BLOB    NOT NULL,
    PRIMARY KEY (room, board, sequence),
    UNIQUE (room, board, author, nonce)
) STRICT, WITHOUT ROWID;

-- The audit log names its room by text, because it outlives the room.
CREATE TABLE audit (
    id      INTEGER PRIMARY KEY AUTOINCREMENT,
    room    TEXT    NOT NULL,
    at_us   INTEGER NOT NULL,
    event   TEXT    NOT NULL,
    actor   BLOB    CHECK (length(actor) = 32),
    subject BLOB    CHECK (length(subject) = 32),
    detail  TEXT    NOT NULL
) STRICT;
CREATE INDEX audit_by_room ON audit (room);

CREATE TRIGGER audit_is_not_changed BEFORE UPDATE ON audit
BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;

CREATE TRIGGER audit_is_not_deleted BEFORE DELETE ON audit
BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;

-- INSERT OR REPLACE deletes without firing the trigger above.
CREATE TRIGGER audit_is_not_replaced BEFORE INSERT ON audit WHEN EXISTS (SELECT 1 FROM audit WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
