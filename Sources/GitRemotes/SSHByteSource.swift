/// What the other side of an SSH connection says, and what is said to it.
actor SSHByteSource: ByteSource {
  private let process: SSHProcess
  private let failure: SSHFailure
  private var isOver = false

  init(_ process: SSHProcess, _ failure: SSHFailure) {
    self.process = process
    self.failure = failure
  }

  func next() async throws(RemoteError) -> [UInt8]? {
    guard !isOver else { return nil }
    switch await process.read(within: failure.access.stall) {
    case .bytes(let bytes): return bytes
    case .stalled: throw failure.stalled
    case .end:
      try await end()
      return nil
    }
  }

  func send(_ bytes: [UInt8]) async throws(RemoteError) {
    switch await process.write(bytes, within: failure.access.stall) {
    case .done: return
    case .stalled: throw failure.stalled
    case .broken:
      try await end()
      throw RemoteError(.unreachable, "\(failure.url) ended the connection")
    }
  }

  func close() async {
    isOver = true
    _ = await process.finish(within: .zero)
  }

  /// - Throws: what it says, where it didn't end well.
  private func end() async throws(RemoteError) {
    isOver = true
    let (status, said) = await process.finish(within: .seconds(5))
    if status != 0 { throw await failure.remoteError(status: status, said: said) }
  }
}
