/// Does work in a task of its own: the memory of its calls is given back with its end, where a task that goes on for months
/// keeps as much of it as it ever needed.
func inItsOwnTask<Value: Sendable>(_ work: @escaping @Sendable () async throws -> Value) async throws -> Value {
  async let value = work()
  return try await value
}

func inItsOwnTask<Value: Sendable>(_ work: @escaping @Sendable () async -> Value) async -> Value {
  async let value = work()
  return await value
}
