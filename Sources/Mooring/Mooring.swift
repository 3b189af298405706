// The effects around the decisions: reading configuration, fetching and pushing in a child process, rendering, carrying
// deployments out, asking gates, making revert commits, and the environment's loop that feeds facts to `decide`, appends
// the events that follow, and only then acts. Targets are handed in; this room knows none of them.
