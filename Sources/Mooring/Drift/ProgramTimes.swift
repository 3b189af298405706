import MooringModel
import Synchronization

/// When the operator's programs (`validate`, `reload`, commands of gates) ran for a deployment: what has changed in that
/// time, and nobody else was seen to change, is theirs.
final class ProgramTimes: Sendable {
  /// The last runs are kept: a gate that runs again and again writes the same again and again.
  static let limit = 16

  private let time: Time
  private let runs = Mutex<[Window]>([])

  init(_ time: Time) { self.time = time }

  var now: Timestamp { time.now() }
  var all: [Window] { runs.withLock { $0 } }

  /// Adds a run that has just ended.
  func add(since began: Timestamp) {
    let run = Window(since: began, until: time.now())
    runs.withLock { $0 = ($0 + [run]).suffix(Self.limit) }
  }
}

extension TargetConfiguration {
  /// Whether a step runs a program of the operator's.
  func runsProgram(in step: Step.Kind) -> Bool {
    switch self {
    case .host(let host): (step == .validate && host.validate != nil) || (step == .reload && host.reload != nil)
    case .kubernetes: false
    }
  }
}
