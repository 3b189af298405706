// Configuration files as trees of fields: YAML (through libyaml's events), JSON, TOML, dotenv, Java properties and INI
// become one compact arena of nodes, each of which knows the exact bytes that it came from. On that tree stand paths
// that name a field, differences by field, and the reader that turns a person's configuration into values and reports
// everything that is wrong with it at once. Every input has limits, and no input, however hostile, makes this room trap
// or run without bound. It knows nothing of Mooring or of Git.
