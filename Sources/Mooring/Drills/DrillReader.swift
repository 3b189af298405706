import Documents
import MooringModel

/// Reads `drills` and `requireDrill`: whether going back is rehearsed in an environment, and where it must have been
/// before something is deployed.
struct DrillReader {
  /// The shortest time between two drills of the watcher's own.
  private static let shortest = Duration.seconds(10)

  let reader: MappingReader

  /// `true`, `false`, or what the watcher does by itself.
  func policy() -> DrillPolicy {
    guard let node = reader.optionalNode("drills"), node.kind == .mapping else {
      return DrillPolicy(isAllowed: reader.optionalBool("drills") ?? false)
    }
    guard let drills = reader.optionalMapping("drills") else { return DrillPolicy() }
    defer { drills.finish() }
    var policy = DrillPolicy(isAllowed: true)
    policy.every = drills.optionalDuration("every")
    if let every = policy.every, every < Self.shortest { drills.report("should be at least 10s", key: "every") }
    policy.afterRelease = drills.optionalBool("afterRelease") ?? false
    policy.hours = drills.optionalString("between").flatMap { text in
      let hours = Self.hours(text)
      if hours == nil { drills.report("should be two times of the day in UTC, as in 02:00-04:30", key: "between") }
      return hours
    }
    if policy.every == nil, !policy.afterRelease {
      drills.report("should say `every` or `afterRelease`; `drills: true` leaves drills to people")
    }
    return policy
  }

  /// The environment whose drills count.
  func required() -> EnvironmentName? {
    reader.optionalString("requireDrill").flatMap { text in
      do throws(Fault) { return try EnvironmentName(text) } catch {
        reader.report(error.what, key: "requireDrill")
        return nil
      }
    }
  }

  /// What is wrong with an environment whose drills are required by another one.
  static func problem(
    with required: EnvironmentName, for environment: EnvironmentConfiguration,
    among all: [EnvironmentName: EnvironmentConfiguration]
  ) -> String? {
    guard required != environment.name else {
      return "names itself: a release would have to run here before it may be deployed here"
    }
    guard let other = all[required] else { return "no environment has this name" }
    guard other.repository == environment.repository else {
      return "\(required) follows another repository, so its releases say nothing about those of \(environment.name)"
    }
    return other.policy.drills.isAllowed ? nil : "\(required) allows no drills: say `drills: true` there"
  }

  private static func hours(_ text: String) -> DayHours? {
    let times = text.split(separator: "-", omittingEmptySubsequences: false).map { minutes(in: $0) }
    guard times.count == 2, let from = times[0], let until = times[1], from != until else { return nil }
    return DayHours(from: from, until: until)
  }

  private static func minutes(in text: Substring) -> Int? {
    let parts = text.filter { $0 != " " }.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 2, parts.allSatisfy({ (1...2).contains($0.count) && $0.allSatisfy(\.isASCII) }),
      let hour = UInt(parts[0]), let minute = UInt(parts[1]), hour < 24, minute < 60
    else { return nil }
    return Int(hour * 60 + minute)
  }
}
