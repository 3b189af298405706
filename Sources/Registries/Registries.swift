// Asks registries of container images what a name stands for today: the OCI distribution protocol, its two ways of
// authentication, and nothing else of it. Only registries that the operator lists are asked, with the credentials that
// are for them; nothing is downloaded. It knows nothing of Mooring.
