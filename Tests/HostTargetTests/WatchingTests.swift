import Testing

/// Everything that watches, one after the other: some look whether this process has a thread or a descriptor left of it.
@Suite("Watching", .serialized) struct WatchingTests {}
