-- Numbers that the store gives out (members, conversations, messages of a conversation) are never used again: nothing is deleted.

CREATE TABLE members (
    id       INTEGER PRIMARY KEY,
    name     TEXT NOT NULL,
    key      TEXT UNIQUE,              -- the name as it is compared; NULL: somebody else has the name since
    origin   TEXT NOT NULL,            -- where a guest came from
    password TEXT,                     -- hashed; NULL: a guest
    is_owner INTEGER NOT NULL DEFAULT 0
);

CREATE TABLE conversations (
    id          INTEGER PRIMARY KEY,
    room        TEXT,                  -- NULL: two talk to each other
    room_key    TEXT UNIQUE,
    first       INTEGER REFERENCES members (id),
    second      INTEGER REFERENCES members (id),
    last_number INTEGER NOT NULL DEFAULT 0,
    spoken      INTEGER NOT NULL DEFAULT 0, -- grows with every commit that something was said in: the order of what was said last
    UNIQUE (first, second)
);

CREATE INDEX conversations_spoken ON conversations (spoken);
CREATE INDEX rooms_spoken ON conversations (spoken DESC, id) WHERE room IS NOT NULL;

CREATE TABLE memberships (
    member       INTEGER NOT NULL REFERENCES members (id),
    conversation INTEGER NOT NULL REFERENCES conversations (id),
    read_number  INTEGER NOT NULL,
    PRIMARY KEY (member, conversation)
) WITHOUT ROWID;

-- By conversation and number on disk too: a page of history is a few neighbouring pages of the file, however many messages there are.
CREATE TABLE messages (
    conversation INTEGER NOT NULL REFERENCES conversations (id),
    number       INTEGER NOT NULL,
    author       INTEGER NOT NULL REFERENCES members (id),
    author_name  TEXT NOT NULL,
    text         TEXT NOT NULL,
    at           INTEGER NOT NULL,     -- milliseconds since 1970-01-01 UTC
    key          TEXT,                 -- the client's own number
    PRIMARY KEY (conversation, number)
) WITHOUT ROWID;

CREATE UNIQUE INDEX messages_key ON messages (author, key) WHERE key IS NOT NULL;

-- Who came last from an origin that is one person's, such as a browser's cookie, of which this is a hash.
CREATE TABLE sessions (
    origin TEXT PRIMARY KEY,
    member INTEGER NOT NULL REFERENCES members (id)
) WITHOUT ROWID;

CREATE INDEX sessions_member ON sessions (member);

-- The links that make an owner, as hashes.
CREATE TABLE invitations (
    hash    TEXT PRIMARY KEY,
    expires INTEGER NOT NULL           -- milliseconds since 1970-01-01 UTC
) WITHOUT ROWID;
