// Git: a repository as Swift values. This room is the only one that knows libgit2: it reads and writes objects,
// references and packs, walks history, compares, merges and reverts trees in memory, and copies between repositories.
// It knows nothing of Mooring. Nothing here runs a program or a hook, touches a working tree or reads a person's Git
// configuration, and no pointer of libgit2 leaves: callers see values, and a `Repository` that keeps its own lock.
