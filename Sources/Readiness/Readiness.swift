// Could we go back right now, and after this change? Rules that answer it are here, as functions on values: what changes
// between two revisions, what releases ran before, what is known of artifacts and backups. Each finding says which rule,
// where, why, and what to do; a policy turns rules off, up or down, and waives findings for a reason and a while. Nothing
// here reads a repository, asks a registry or knows the time. It knows `Documents`, `Migrations` and `MooringModel`.
