internal import Foundation
internal import Glibc

/// A server that runs until this value goes.
///
/// `@unchecked Sendable`: made and ended in one place, and only asked for its first line between.
public final class ServerProcess: @unchecked Sendable {
  private let process = Process()
  private let output = Pipe()
  private let input = Pipe()

  public init(_ program: String, _ arguments: [String], errors: String = "/dev/null") throws {
    process.executableURL = URL(filePath: program)
    process.arguments = arguments
    process.standardOutput = output
    process.standardInput = input
    if errors != "/dev/null" { _ = FileManager.default.createFile(atPath: errors, contents: nil) }
    process.standardError = FileHandle(forWritingAtPath: errors)
    try process.run()
  }

  deinit {
    // It may have been started by a thread that blocks SIGTERM, and then blocks it too.
    // Its end isn't waited for: a program that was started meanwhile may hold the socket by which Foundation learns of it.
    if process.isRunning { kill(process.processIdentifier, SIGKILL) }
  }

  public var identifier: Int32 { process.processIdentifier }

  /// Waits for it.
  public func firstLine() throws -> String {
    var line = Data()
    while let byte = try output.fileHandleForReading.read(upToCount: 1), !byte.isEmpty, byte != Data("\n".utf8) {
      line += byte
    }
    return String(decoding: line, as: UTF8.self)
  }
}
