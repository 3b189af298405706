import FoundationEssentials
import MooringModel
import Processes
import Readiness

/// Looks whether there is a recent backup: a file that says when it was made, or a command that does.
struct BackupProof {
  /// How long the command may take.
  private static let limit = Duration.seconds(30)
  private static let mostBytes = 4096
  /// How far two machines' clocks may be apart.
  private static let leeway = Duration.seconds(300)

  let policy: BackupPolicy
  let now: Timestamp

  /// Why there is none; `nil` where there is.
  func problem() async throws -> String? {
    switch policy.proof {
    case .file(let path): age(of: file(path), "the backup of \(path)")
    case .command(let arguments): try await command(arguments)
    }
  }

  /// The time that the file's first line says, or else when it was written.
  private func file(_ path: String) -> Timestamp? {
    guard let bytes = BoundedFile.bytes(at: path, limit: Self.mostBytes) else { return nil }
    if let said = Self.time(String(decoding: bytes.prefix(Self.mostBytes), as: UTF8.self)) { return said }
    let attributes = try? FileManager.default.attributesOfItem(atPath: path)
    return (attributes?[.modificationDate] as? Date).map { Timestamp($0) }
  }

  private static func time(_ text: String) -> Timestamp? {
    text.split(whereSeparator: \.isWhitespace).first.flatMap { Timestamp(parsing: String($0)) }
  }

  private func command(_ arguments: [String]) async throws -> String? {
    do {
      let outcome = try await run(Program(arguments, timeLimit: Self.limit))
      guard outcome.succeeded else { return "\(arguments[0]), which says when the backup was made, failed" }
      guard let time = Self.time(outcome.output) else { return "\(arguments[0]) didn't say when the backup was made" }
      return age(of: time, "the backup")
    } catch let error as ProgramError {
      return "\(error)"
    }
  }

  private func age(of time: Timestamp?, _ what: String) -> String? {
    guard let time else { return "\(what) isn't there" }
    // A clock that is set wrong, or a wrong file, proves nothing.
    if time - now > Self.leeway { return "\(what) says that it is from \(time), which is yet to come" }
    guard now - time > policy.within else { return nil }
    return "\(what) is from \(time), longer ago than \(policy.within)"
  }
}
