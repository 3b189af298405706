import Foundation
import NIOCore
import Testing

@testable import MooringServer

/// `docs/limits.md` says what the server does.
@Suite struct ServerLimitsTests {
  private static let limits: [(name: String, value: String)] = {
    let limits = ServerLimits()
    return [
      ("connections", "\(limits.connections) connections"),
      ("headers of a request", "\(limits.headers) bytes"),
      ("a connection that says nothing", "\(seconds(limits.idle)) seconds"),
      ("a request, to the end of its answer", "\(seconds(limits.request)) seconds"),
      ("what is sent after a refusal", "\(seconds(limits.linger)) seconds"),
      ("requests of a webhook", "\(Int(limits.rate)) a second, \(Int(limits.burst)) at once"),
      ("bodies that are read at once", "\(limits.bodies) bodies"),
    ]
  }()

  private static func seconds(_ time: TimeAmount) -> Int64 { time.nanoseconds / 1_000_000_000 }

  @Test(arguments: limits) func isListed(name: String, value: String) throws {
    let folder = URL(filePath: #filePath).deletingLastPathComponent()
    let text = try String(decoding: Data(contentsOf: folder.appending(path: "../../docs/limits.md")), as: UTF8.self)
    #expect(text.contains("| \(name) | \(value) |"))
  }
}
