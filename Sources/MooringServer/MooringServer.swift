// MooringServer is what others reach a watcher by over HTTP: probes that say whether it lives, and webhooks that tell it
// something. It knows the watcher, and no target: what a webhook brings is handed to whoever the program was composed
// with. Everything that comes in is bounded, and nothing is believed that doesn't carry the right token.
