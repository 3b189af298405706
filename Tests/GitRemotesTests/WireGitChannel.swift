import Foundation
import GitRemotes
import MooringTestSupport
import Synchronization

/// A channel to the real `git upload-pack` or `git receive-pack`: one program that keeps talking, as over SSH, or one for
/// each request, as behind HTTP.
final class WireGitChannel: SmartChannel {
  let isStateless: Bool
  private let service: SmartService
  private let path: String
  private let environment: [String: String]
  private let meter: WireMeter
  private let conversation: WireProgram?

  init(
    _ service: SmartService, of fixture: GitFixture, version: Int = 2, isStateless: Bool = false,
    meter: WireMeter = WireMeter()
  ) throws {
    self.service = service
    self.isStateless = isStateless
    self.meter = meter
    path = fixture.gitPath
    environment = [
      "PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin", "GIT_CONFIG_NOSYSTEM": "1",
      "GIT_CONFIG_GLOBAL": "/dev/null", "HOME": "/nonexistent", "GIT_PROTOCOL": "version=\(version)",
    ]
    conversation = isStateless ? nil : try WireProgram([service.rawValue, path], environment, meter)
  }

  func greeting() async throws(RemoteError) -> any ByteSource {
    if let conversation { return conversation }
    return try program("--http-backend-info-refs", input: [])
  }

  func request(
    _ body: @escaping @Sendable () async throws(RemoteError) -> [UInt8]?
  ) async throws(RemoteError) -> any ByteSource {
    meter.countRequest()
    let program: WireProgram
    if let conversation { program = conversation } else { program = try self.program("--stateless-rpc", input: nil) }
    while let part = try await body() { program.write(part) }
    if isStateless { program.closeInput() }
    return program
  }

  private func program(_ option: String, input: [UInt8]?) throws(RemoteError) -> WireProgram {
    do {
      let program = try WireProgram([service.rawValue, option, path], environment, meter)
      if input != nil { program.closeInput() }
      return program
    } catch {
      throw RemoteError(.unreachable, "git did not start: \(error)")
    }
  }

  func close() async { conversation?.end() }
}

/// A program behind a socket.
final class WireProgram: ByteSource {
  private let socket: FileHandle
  private let process = Process()
  private let meter: WireMeter

  init(_ command: [String], _ environment: [String: String], _ meter: WireMeter) throws {
    var ends: [Int32] = [-1, -1]
    guard socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0, &ends) == 0 else {
      throw CocoaError(.fileReadUnknown)
    }
    socket = FileHandle(fileDescriptor: ends[0], closeOnDealloc: true)
    let theirs = FileHandle(fileDescriptor: ends[1], closeOnDealloc: true)
    self.meter = meter
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = command
    process.environment = environment
    process.standardInput = theirs
    process.standardOutput = theirs
    process.standardError = FileHandle.nullDevice
    try process.run()
    try theirs.close()
  }

  deinit { end() }

  func write(_ bytes: [UInt8]) {
    var sent = 0
    while sent < bytes.count {
      let count = bytes.withUnsafeBytes {
        send(socket.fileDescriptor, $0.baseAddress?.advanced(by: sent), $0.count - sent, Int32(MSG_NOSIGNAL))
      }
      guard count > 0 else { return }  // it has ended: the reader finds out
      sent += count
    }
  }

  func closeInput() { shutdown(socket.fileDescriptor, Int32(SHUT_WR)) }

  func next() async throws(RemoteError) -> [UInt8]? {
    var buffer = [UInt8](repeating: 0, count: 16_384)
    let count = recv(socket.fileDescriptor, &buffer, buffer.count, 0)
    guard count > 0 else { return nil }
    try meter.count(count)
    return Array(buffer[..<count])
  }

  func end() {
    shutdown(socket.fileDescriptor, Int32(SHUT_RDWR))
    process.waitUntilExit()
  }
}

/// Counts what comes over channels, and cuts them off after so many bytes.
final class WireMeter: Sendable {
  private let state: Mutex<(received: Int, requests: Int, left: Int)>

  init(cutAfter limit: Int = .max) { state = Mutex((0, 0, limit)) }

  var received: Int { state.withLock { $0.received } }
  var requests: Int { state.withLock { $0.requests } }

  /// Lets so many bytes more through.
  func reopen(for limit: Int) { state.withLock { $0.left = limit } }

  func countRequest() { state.withLock { $0.requests += 1 } }

  func count(_ bytes: Int) throws(RemoteError) {
    let isCut = state.withLock { state in
      state.received += bytes
      state.left -= bytes
      return state.left < 0
    }
    if isCut { throw RemoteError(.unreachable, "the cable was pulled") }
  }
}
