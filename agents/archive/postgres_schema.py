"""The tables of the store in PostgreSQL."""

import hashlib

#: Stand for wirewatch among the advisory locks of a database: for who writes, and for who joins partitions.
LOCK, MERGE_LOCK = (
    int.from_bytes(hashlib.sha256(name).digest()[:7], "big") for name in (b"wirewatch archive", b"wirewatch merging")
)
#: The table in which partitions become one.
STAGING = "articles_merging"
#: A database of an older version is brought to this one when it is opened.
SCHEMA_VERSION = 3

SCHEMA = """
CREATE TABLE IF NOT EXISTS wirewatch_schema (version integer NOT NULL);
CREATE TABLE IF NOT EXISTS articles (
    n bigint PRIMARY KEY, fetch_id text NOT NULL, id text NOT NULL, revision integer NOT NULL, at double precision NOT NULL,
    source text NOT NULL, language text NOT NULL, country text NOT NULL, countries text[] NOT NULL, topics text[] NOT NULL,
    title text NOT NULL, newest boolean NOT NULL, features tsvector NOT NULL, record bytea NOT NULL
) PARTITION BY RANGE (n);
CREATE INDEX IF NOT EXISTS articles_by_fetch ON articles (fetch_id);
CREATE INDEX IF NOT EXISTS articles_by_id ON articles (id);
CREATE INDEX IF NOT EXISTS articles_by_feature ON articles USING gin (features);
CREATE TABLE IF NOT EXISTS days (day text PRIMARY KEY);
ALTER TABLE days ADD COLUMN IF NOT EXISTS articles bigint NOT NULL DEFAULT 0;
ALTER TABLE days ADD COLUMN IF NOT EXISTS until text NOT NULL DEFAULT '';
CREATE TABLE IF NOT EXISTS properties (name text PRIMARY KEY, value text NOT NULL);
CREATE TABLE IF NOT EXISTS arrivals (number bigserial PRIMARY KEY, n bigint NOT NULL);
CREATE TABLE IF NOT EXISTS vocabulary (word text PRIMARY KEY);
CREATE INDEX IF NOT EXISTS vocabulary_backwards ON vocabulary (reverse(word) text_pattern_ops);
CREATE TABLE IF NOT EXISTS members (article text PRIMARY KEY, story text NOT NULL);
CREATE INDEX IF NOT EXISTS members_by_story ON members (story);
CREATE TABLE IF NOT EXISTS events (
    n bigint PRIMARY KEY, kind text NOT NULL, key text NOT NULL, subject text NOT NULL, at double precision NOT NULL,
    record bytea NOT NULL, UNIQUE (kind, key));
CREATE INDEX IF NOT EXISTS events_by_subject ON events (kind, subject, n);
CREATE INDEX IF NOT EXISTS events_by_kind ON events (kind, n);
"""
