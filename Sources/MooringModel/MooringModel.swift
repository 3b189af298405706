// Values and pure decisions of Mooring, without any input or output: what a release, a plan, an event is, what is
// known of an environment after a sequence of events, and what follows from a fact. Everything here can be tested with
// tables. It knows `Documents` and nothing else; a revision is a value of its own, not a Git object.
