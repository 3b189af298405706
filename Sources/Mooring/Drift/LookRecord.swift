import FoundationEssentials
import MooringModel

/// Until when production was looked after, for whoever looks next: what changed since, changed unattended.
struct LookRecord: Sendable {
  private let path: String

  init(of environment: EnvironmentName, in state: StateDirectory) {
    path = "\(state.path)/looks/\(environment)"
  }

  var last: Timestamp? {
    guard let text = try? String(contentsOfFile: path, encoding: .utf8) else { return nil }
    return Timestamp(parsing: text.filter { !$0.isWhitespace })
  }

  /// Not forced to disk: a record that is lost makes a window longer, and never shorter.
  func write(_ time: Timestamp) {
    try? DurableFolder.replace(path, with: Array("\(time)\n".utf8), isForced: false)
  }
}
