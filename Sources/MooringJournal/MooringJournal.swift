// The append-only record of everything that Mooring learns and does, kept in Git: one reference an environment, one
// commit an append. A write-ahead log makes appends of all environments durable with one fsync; Git objects and
// references follow it. An index in SQLite makes reading quick, and can be deleted at any time. The format is in
// `docs/journal.md`.
