import Kubernetes

/// What is measured.
struct Work {
  /// Requests on the way at once.
  static let width = 8

  private let client: APIClient
  private let environments: Environments

  init(_ client: APIClient, _ environments: Environments) {
    self.client = client
    self.environments = environments
  }

  /// Applies everything, and returns how many objects that were.
  func apply() async throws -> Int {
    var objects = try environments.objects()[...]
    let total = objects.count
    let options = WriteOptions(fieldManager: "bench")
    try await withThrowingTaskGroup(of: Void.self) { [client] group in
      var underway = 0
      while let (reference, root) = objects.popFirst() {
        if underway == Self.width { try await group.next() } else { underway += 1 }
        group.addTask { _ = try await client.apply(JSONBody(root), to: reference, options) }
      }
      try await group.waitForAll()
    }
    return total
  }

  /// Watches all kinds at once until each has told what is there, and returns how many objects that were.
  func watch() async throws -> Int {
    try await withThrowingTaskGroup(of: Int.self) { [client, environments] group in
      for kind in Environments.kinds {
        group.addTask {
          let resource = try await client.resource(for: kind)
          var count = 0
          for try await event in client.watch(resource, namespace: environments.namespace) {
            if case .added = event { count += 1 }
            if case .synced = event { break }
          }
          return count
        }
      }
      return try await group.reduce(0, +)
    }
  }
}
