/// Reads a mapping of a configuration file field by field, remembers which keys were asked for, and reports what is
/// wrong to `problems` instead of stopping at it.
///
/// A method without `optional` reports a missing key; each returns nil when it reported something. `finish()` comes
/// last: it reports the keys that nobody asked for, with the nearest that somebody did. A key with the value null counts
/// as not there.
public final class MappingReader {
  public let node: Node
  public let path: FieldPath
  public let problems: ConfigurationProblems
  private var asked: [String] = []

  /// `node` should be a mapping; of another node every key is missing.
  public init(_ node: Node, path: FieldPath = .root, problems: ConfigurationProblems) {
    self.node = node
    self.path = path
    self.problems = problems
  }

  /// The keys in the order of the file.
  public var keys: [String] { node.entries.map(\.key) }

  /// Whether the key is there, with a value other than null. Counts as asking for it.
  public func has(_ key: String) -> Bool { value(key) != nil }

  /// The node of a key, for what this reader has no method for; nil when it is missing or null.
  public func optionalNode(_ key: String) -> Node? { value(key) }

  public func optionalString(_ key: String) -> String? { value(key).flatMap { self.string($0, self.path(key)) } }
  public func optionalInt(_ key: String) -> Int? { value(key).flatMap { self.int($0, self.path(key)) } }
  public func optionalBool(_ key: String) -> Bool? { value(key).flatMap { self.bool($0, self.path(key)) } }
  public func optionalDouble(_ key: String) -> Double? { value(key).flatMap { self.double($0, self.path(key)) } }

  /// A duration such as `30s`, `1h30m` or `250ms`.
  public func optionalDuration(_ key: String) -> Duration? { value(key).flatMap { self.duration($0, self.path(key)) } }

  /// A count of bytes such as `512MiB`.
  public func optionalByteCount(_ key: String) -> Int? { value(key).flatMap { self.byteCount($0, self.path(key)) } }

  /// A list of strings, or one string alone.
  public func optionalStrings(_ key: String) -> [String]? { value(key).flatMap { self.strings($0, self.path(key)) } }

  /// One of a type's names.
  public func optionalChoice<Choice: CaseIterable & RawRepresentable<String>>(
    _ key: String, _ type: Choice.Type = Choice.self
  ) -> Choice? {
    value(key).flatMap { self.choice($0, self.path(key), type) }
  }

  /// A reader of a mapping below this one. It needs its own `finish()`.
  public func optionalMapping(_ key: String) -> MappingReader? {
    value(key).flatMap { self.mapping($0, self.path(key)) }
  }

  public func string(_ key: String) -> String? { required(key) { self.string($0, self.path(key)) } }
  public func int(_ key: String) -> Int? { required(key) { self.int($0, self.path(key)) } }
  public func bool(_ key: String) -> Bool? { required(key) { self.bool($0, self.path(key)) } }
  public func double(_ key: String) -> Double? { required(key) { self.double($0, self.path(key)) } }
  public func duration(_ key: String) -> Duration? { required(key) { self.duration($0, self.path(key)) } }
  public func strings(_ key: String) -> [String]? { required(key) { self.strings($0, self.path(key)) } }

  public func choice<Choice: CaseIterable & RawRepresentable<String>>(
    _ key: String, _ type: Choice.Type = Choice.self
  ) -> Choice? {
    required(key) { self.choice($0, self.path(key), type) }
  }

  public func mapping(_ key: String) -> MappingReader? { required(key) { self.mapping($0, self.path(key)) } }

  /// The mappings of a mapping, by name in the order of the file: `environments: { production: {…}, staging: {…} }`.
  /// Empty when the key is missing.
  public func mappings(_ key: String) -> [(name: String, reader: MappingReader)] {
    guard let children = optionalMapping(key) else { return [] }
    return children.node.entries.compactMap { entry in
      children.mapping(entry.value, children.path(entry.key)).map { (entry.key, $0) }
    }
  }

  /// The mappings of a list: `gates: [ {…}, {…} ]`. Empty when the key is missing.
  public func mappingList(_ key: String) -> [MappingReader] {
    guard let node = value(key) else { return [] }
    guard node.kind == .sequence else {
      report(node, path(key), "should be a list of mappings, not \(node.typeName)")
      return []
    }
    return node.elements.enumerated().compactMap { mapping($1, self.path(key).appending(.index($0))) }
  }

  /// Reports the keys that nobody asked for.
  public func finish() {
    let entries = node.entries
    let present = Set(entries.map(\.key))
    let absent = asked.filter { !present.contains($0) }
    for entry in entries where !asked.contains(entry.key) {
      guard problems.all.count < ConfigurationProblems.limit else { return }
      let suggestion = NearestName.nearest(to: entry.key, among: absent)
      let known = suggestion == nil && !asked.isEmpty ? "; valid keys are \(asked.joined(separator: ", "))" : ""
      problems.add("unknown key\(known)", at: entry.keyMark, key: path(entry.key), suggestion: suggestion)
    }
  }

  /// Reports something about this mapping, or about one of its keys.
  public func report(_ message: String, key: String? = nil, suggestion: String? = nil) {
    let entry = key.flatMap { node.entry($0) }
    problems.add(
      message, at: (entry?.value ?? node).mark, key: key.map { path($0) } ?? path, suggestion: suggestion)
  }

  public func path(_ key: String) -> FieldPath { path.appending(key: key) }

  private func value(_ key: String) -> Node? {
    if !asked.contains(key) { asked.append(key) }
    return node[key].flatMap { $0.scalar == .null ? nil : $0 }
  }

  private func required<Value>(_ key: String, _ read: (Node) -> Value?) -> Value? {
    if let node = value(key) { return read(node) }
    problems.add("missing", at: node.entry(key)?.value.mark ?? node.mark, key: path(key))
    return nil
  }
}
