public import ArgumentParser
import Mooring
public import MooringModel

/// `production`, `production@v41`, `production@2026-03-01T09:00:00Z`
struct Place {
  var environment: EnvironmentName
  var release: ReleaseSelector?

  init(parsing text: some StringProtocol) throws {
    let parts = String(text).split(separator: "@", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    environment = try EnvironmentName(parts.first ?? "")
    release = parts.count > 1 ? try ReleaseSelector(parsing: parts[1]) : nil
  }
}

extension Timestamp: ExpressibleByArgument {
  /// A time in RFC 3339; a day alone is its beginning, in UTC.
  public init?(argument: String) {
    guard let time = Timestamp(parsing: argument) ?? Timestamp(day: argument) else { return nil }
    self = time
  }
}
