import Kubernetes
import MooringModel

/// What was read or written last while the environment was ours: nobody else writes it meanwhile.
struct SharedRecordCache: Sendable {
  var stored: SharedRecordStore.Stored?
}

extension EnvironmentLease {
  /// How often a write is tried again that another program of this state directory overtook.
  private static let writes = 5

  func record(isFresh: Bool) async throws -> SharedRecord? {
    if !isFresh, let stored = records.stored { return stored.record }
    let stored = try await recordStore().read()
    records.stored = stored
    return stored.record
  }

  func write(_ record: SharedRecord) async throws {
    let store = try await recordStore()
    for _ in 0..<Self.writes {
      try check()
      let before = if let stored = records.stored { stored } else { try await store.read() }
      if let written = try await store.write(record, over: before) {
        records.stored = written
        return
      }
      let there = try await store.read()
      records.stored = there
      guard there.record?.owner == record.owner else {
        throw Fault(
          .notOwner, "\(there.record?.owner ?? "somebody else") works on the environment by now",
          at: store.reference.description, remedy: "whoever holds the Lease goes on")
      }
    }
    throw Fault(.busy, "it was written \(Self.writes) times meanwhile", at: store.reference.description)
  }

  private func recordStore() async throws -> SharedRecordStore {
    SharedRecordStore(client: try await cluster.client(), namespace: options.namespace, environment: environment)
  }
}
