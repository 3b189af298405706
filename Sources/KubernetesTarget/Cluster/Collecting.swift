extension Array where Element: Sendable {
  /// What comes of each element, in whatever order it comes.
  ///
  /// - Parameter atOnce: How many are under way at a time.
  /// - Throws: The first error that `body` throws; what is under way is cancelled then.
  func collect<Value: Sendable>(
    atOnce: Int, _ body: @escaping @Sendable (Element) async throws -> Value
  ) async throws -> [Value] {
    try await withThrowingTaskGroup(of: Value.self) { group in
      var values: [Value] = []
      for (index, element) in enumerated() {
        if index >= atOnce, let value = try await group.next() { values.append(value) }
        group.addTask { try await body(element) }
      }
      for try await value in group { values.append(value) }
      return values
    }
  }
}
