/// The room for remotes that are reached over a network: Git's smart protocol (gitprotocol-v2, gitprotocol-pack), spoken
/// over HTTPS or through the OpenSSH client. What arrives is written by `Git`; where it goes and when is decided elsewhere.
