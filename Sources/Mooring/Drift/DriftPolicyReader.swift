import Documents
import MooringModel

/// Reads `drift` of an environment, and `sync.onDrift`.
struct DriftPolicyReader {
  let reader: MappingReader?
  let onDrift: DriftPolicy.InTheWay?
  let target: TargetConfiguration?
  /// Whether API servers tell of who changed what.
  let isToldOfAuthors: Bool

  /// Objects in a cluster change as a whole, files by and by. Who changed one is told of a tenth of a second later: a drift
  /// waits for that, and is told of once.
  static let settleOfObjects = Duration.milliseconds(50)
  static let settleOfAuthors = Duration.milliseconds(180)

  func read() -> (policy: DriftPolicy, secrets: SecretRules) {
    var policy = DriftPolicy(inTheWay: onDrift ?? .stop)
    if target?.takesObjects ?? false {
      policy.settle = isToldOfAuthors ? Self.settleOfAuthors : Self.settleOfObjects
    }
    guard let reader else { return (policy, SecretRules()) }
    defer { reader.finish() }
    policy.onDetect = reader.optionalChoice("onDetect", DriftPolicy.Action.self) ?? .alert
    policy.rules = rules(reader)
    readIgnored(reader, into: &policy)
    policy.look.watched = paths("watch", reader)
    if let settle = reader.optionalDuration("settle") {
      let bounds = Duration.milliseconds(20)...Duration.seconds(60)
      if !bounds.contains(settle) { reader.report("should be from 20ms to 60s", key: "settle") }
      policy.settle = settle
    }
    if let scan = reader.optionalDuration("scan") {
      if scan < .seconds(1) { reader.report("should be at least 1s", key: "scan") }
      policy.scan = scan
    }
    return (policy, SecretRules(files: patterns("secrets", reader)))
  }

  private func rules(_ reader: MappingReader) -> [DriftPolicy.Rule] {
    reader.mappingList("paths").compactMap { rule in
      defer { rule.finish() }
      guard let path = rule.string("path"), let action = rule.choice("onDetect", DriftPolicy.Action.self) else {
        return nil
      }
      return pattern(path, "path", rule).map { DriftPolicy.Rule(pattern: $0, action: action) }
    }
  }

  private func readIgnored(_ reader: MappingReader, into policy: inout DriftPolicy) {
    for text in reader.optionalStrings("ignore") ?? [] {
      do throws(Fault) {
        if let field = try IgnoredField(text, at: "") {
          policy.ignoredFields.append(field)
        } else {
          policy.look.ignored.append(try PathPattern(text, at: ""))
        }
      } catch { reader.report(error.what, key: "ignore") }
    }
    if policy.look.ignored.count + policy.ignoredFields.count > LookRules.ruleLimit {
      reader.report("more than \(LookRules.ruleLimit) rules", key: "ignore")
    }
  }

  private func patterns(_ key: String, _ reader: MappingReader) -> [PathPattern] {
    (reader.optionalStrings(key) ?? []).compactMap { pattern($0, key, reader) }
  }

  private func pattern(_ text: String, _ key: String, _ reader: MappingReader) -> PathPattern? {
    do throws(Fault) { return try PathPattern(text, at: "") } catch { reader.report(error.what, key: key) }
    return nil
  }

  private func paths(_ key: String, _ reader: MappingReader) -> [RelativePath] {
    (reader.optionalStrings(key) ?? []).compactMap { path in
      do throws(Fault) { return try RelativePath(path) } catch { reader.report(error.what, key: key) }
      return nil
    }
  }
}
