import Documents
import MooringModel
import Readiness

/// Reads `readiness`, of the whole configuration or of an environment, which changes what stands above it key by key.
struct ReadinessReader {
  let absolute: (String) -> String

  /// - Parameter inherited: What the whole configuration says, where this is an environment.
  func read(_ parent: MappingReader, over inherited: ReadinessPolicy = ReadinessPolicy()) -> ReadinessPolicy {
    var policy = inherited
    guard let reader = parent.optionalMapping("readiness") else { return policy }
    defer { reader.finish() }
    if let rules = reader.optionalMapping("rules") { severities(rules, into: &policy) }
    policy.waivers += reader.mappingList("waive").compactMap(waiver)
    policy.migrations = paths("migrations", reader) ?? policy.migrations
    policy.code = paths("code", reader) ?? policy.code
    if let retain = reader.optionalInt("retain") {
      if !(1...50).contains(retain) { reader.report("should be from 1 to 50", key: "retain") }
      policy.retain = retain
    }
    if let every = reader.optionalDuration("every") {
      if every < .seconds(10) { reader.report("should be at least 10s", key: "every") }
      policy.every = every
    }
    if let backup = reader.optionalMapping("backup") { policy.backup = self.backup(backup) }
    if let mixed = reader.optionalMapping("mixed") { thresholds(mixed, into: &policy.thresholds) }
    return policy
  }

  private func severities(_ reader: MappingReader, into policy: inout ReadinessPolicy) {
    defer { reader.finish() }
    for rule in Rule.allCases {
      if let severity = reader.optionalChoice(rule.rawValue, Severity.self) { policy.severities[rule] = severity }
    }
  }

  private func waiver(_ reader: MappingReader) -> Waiver? {
    defer { reader.finish() }
    let rule = reader.choice("rule", Rule.self)
    let reason = reader.string("reason")
    if reason?.isEmpty == true { reader.report("should say why", key: "reason") }
    let place = reader.optionalString("where").flatMap { text in
      do throws(Fault) { return try WaivedPlace(text, at: "where") } catch {
        reader.report(error.what, key: "where")
        return nil
      }
    }
    let until = reader.optionalNode("until")?.text
    guard let until else {
      reader.report("missing: a waiver has an end", key: "until")
      return nil
    }
    guard let end = Timestamp(parsing: until) ?? Timestamp(parsing: until + "T00:00:00Z") else {
      reader.report("should be a day or a time, as in 2026-12-01 or 2026-12-01T08:00:00Z", key: "until")
      return nil
    }
    guard let rule, let reason, !reader.has("where") || place != nil else { return nil }
    return Waiver(rule: rule, place: place, reason: reason, until: end)
  }

  private func backup(_ reader: MappingReader) -> BackupPolicy? {
    defer { reader.finish() }
    let (file, command) = (reader.optionalString("file"), reader.optionalStrings("command"))
    let within = reader.duration("within")
    if (file == nil) == (command == nil) || command?.isEmpty == true {
      reader.report("needs one of `file` and `command`: what says when the backup was made")
    }
    guard let within else { return nil }
    if let file { return BackupPolicy(proof: .file(absolute(file)), within: within) }
    return command.map { BackupPolicy(proof: .command($0), within: within) }
  }

  private func thresholds(_ reader: MappingReader, into thresholds: inout ReadinessPolicy.Thresholds) {
    defer { reader.finish() }
    for (key, field) in [
      ("services", \ReadinessPolicy.Thresholds.services), ("kinds", \ReadinessPolicy.Thresholds.kinds),
    ] {
      guard let value = reader.optionalInt(key) else { continue }
      if value < 1 { reader.report("should be at least 1", key: key) }
      thresholds[keyPath: field] = value
    }
  }

  private func paths(_ key: String, _ reader: MappingReader) -> [String]? {
    reader.optionalStrings(key)?.map { path in
      let trimmed = path.hasSuffix("/") ? String(path.dropLast()) : path
      do throws(Fault) { return try RelativePath(trimmed).string } catch { reader.report(error.what, key: key) }
      return trimmed
    }
  }
}
