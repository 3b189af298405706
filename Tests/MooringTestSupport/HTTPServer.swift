internal import Foundation

/// A real HTTP server on loopback, in a process of its own that ends with this value.
public final class HTTPServer: Sendable {
  public let port: Int
  private let log: String
  private let folder: TemporaryFolder
  private let process: ServerProcess

  /// - Parameters:
  ///   - root: The folder whose repositories are served below `/git/`.
  ///   - options: `certificate`, `key`, `clientCA`, `authorization`, `other`, `proxy`: what the script reads.
  public init(root: String = "/nonexistent", _ options: [String: String] = [:]) async throws {
    folder = try TemporaryFolder("mooring-http")
    log = folder["log"]
    try folder.write("", to: "log")
    let all = options.merging(["root": root, "log": log]) { mine, _ in mine }
    let json = String(decoding: try JSONEncoder().encode(all), as: UTF8.self)
    process = try ServerProcess(["/usr/bin/python3", "-c", HTTPServerScript.text, json])
    guard let port = Int(try await process.firstLine()) else { throw CocoaError(.fileReadCorruptFile) }
    self.port = port
  }

  /// What was asked: a line of JSON each, with method, path and headers.
  public var requests: [String] {
    get throws { try folder.read("log").split(separator: "\n").map(String.init) }
  }
}
