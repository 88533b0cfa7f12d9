-- A board's document as of one operation, so that neither joining nor opening a room replays the whole log. The latest
-- one is kept, and of an imported room the one that its log begins after. `hash` is the SHA-256 of `data`.
CREATE TABLE board_snapshots (
    room     INTEGER NOT NULL REFERENCES rooms ON DELETE CASCADE,
    board    INTEGER NOT NULL,
    sequence INTEGER NOT NULL,
    hash     BLOB    NOT NULL CHECK (length(hash) = 32),
    data     BLOB    NOT NULL,
    PRIMARY KEY (room, board, sequence)
) STRICT;

-- Pictures on boards, by the SHA-256 of their content. `counted` is what a picture takes of the room's quota.
CREATE TABLE images (
    room       INTEGER NOT NULL REFERENCES rooms ON DELETE CASCADE,
    hash       BLOB    NOT NULL CHECK (length(hash) = 32),
    media_type TEXT    NOT NULL,
    counted    INTEGER NOT NULL,
    bytes      BLOB    NOT NULL,
    PRIMARY KEY (room, hash)
) STRICT;
CREATE INDEX images_counted ON images (room, counted);
