internal import Foundation

/// A host of code with pull requests on loopback, in a process of its own that ends with this value. It answers as GitHub,
/// GitLab or Gitea do, for the project `o/n`, and merges in a real repository.
public final class CodeHostServer: Sendable {
  public static let token = "t0ken-of-the-host"

  public let port: Int
  private let folder: TemporaryFolder
  private let process: ServerProcess

  /// - Parameters:
  ///   - provider: `github`, `gitlab` or `gitea`.
  ///   - repository: The path of a bare repository.
  public init(_ provider: String, repository: String) async throws {
    folder = try TemporaryFolder("mooring-host")
    try folder.write("", to: "log")
    let options = [
      "provider": provider, "repository": repository, "folder": folder.path, "token": Self.token,
    ]
    let json = String(decoding: try JSONEncoder().encode(options), as: UTF8.self)
    process = try ServerProcess(["/usr/bin/python3", "-c", CodeHostServerScript.text, json])
    guard let port = Int(try await process.firstLine()) else { throw CocoaError(.fileReadCorruptFile) }
    self.port = port
  }

  public var address: String { "http://127.0.0.1:\(port)" }

  /// What was asked, oldest first: method, path and body.
  public var requests: [String] {
    get throws { try folder.read("log").split(separator: "\n").map(String.init) }
  }

  /// A pull request as its host keeps it.
  public struct Review: Decodable, Sendable {
    public var number: Int
    public var branch: String
    public var state: String
    public var merged: Bool
    public var comments: [String]
  }

  /// All that were made, oldest first, as they were after the last answer.
  public var reviews: [Review] {
    get throws { try JSONDecoder().decode([Review].self, from: Data(folder.read("reviews").utf8)) }
  }

  /// Lets a pull request be merged as soon as that is asked for.
  public func beReady() throws { try folder.write("", to: "ready") }

  /// What a person does with the newest pull request before the next question is answered: `close`, `reopen`,
  /// `merge`, `merge squash` or `merge rebase`; with ` #2` at its end it is the second one.
  public func act(_ word: String) throws { try folder.write(word, to: "act") }

  /// Answers everything like this, JSON with `status`, `body`, `headers` or `hang`; as before where it is `nil`.
  public func fail(_ answer: String?) throws {
    if let answer { return try folder.write(answer, to: "fail") }
    try FileManager.default.removeItem(atPath: folder["fail"])
  }
}
