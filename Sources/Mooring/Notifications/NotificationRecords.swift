import FoundationEssentials
import Git
import Glibc
import MooringModel

/// A channel's records in the state directory: a file an environment, readable by its owner only, whole or not at all.
struct NotificationRecords: Sendable {
  /// More than a record with everything in it.
  private static let mostBytes = 8 << 20

  private let folder: String
  /// Whether a record has to outlive a power failure. What the log is told twice, or begins with anew, harms nobody.
  private let isForced: Bool

  init(of channel: NotificationChannel, in state: StateDirectory) {
    folder = "\(state.path)/notifications/\(channel.name)"
    isForced = channel.means != .log
  }

  private func path(_ environment: EnvironmentName) -> String { "\(folder)/\(environment).json" }

  /// - Throws: `Fault` where there is one that can't be read.
  func read(_ environment: EnvironmentName) throws(Fault) -> NotificationRecord? {
    let path = path(environment)
    guard access(path, F_OK) == 0 else { return nil }
    guard let bytes = BoundedFile.bytes(at: path, limit: Self.mostBytes) else {
      throw DurableFolder.failure("read", path)
    }
    do { return try JSONDecoder().decode(NotificationRecord.self, from: Data(bytes)) } catch {
      throw Fault(.state, "what was delivered can't be read, so notifications begin anew now", at: path)
    }
  }

  func write(_ record: NotificationRecord, of environment: EnvironmentName) throws {
    try DurableFolder.make(folder)
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    try DurableFolder.replace(path(environment), with: Array(encoder.encode(record)), isForced: isForced)
  }
}
