/// How a node becomes a value, or a problem.
extension MappingReader {
  func report(_ node: Node, _ path: FieldPath, _ message: String, suggestion: String? = nil) {
    problems.add(message, at: node.mark, key: path, suggestion: suggestion)
  }

  /// A string; numbers need quotes, so that `1.10` can't become `1.1` on its way.
  func string(_ node: Node, _ path: FieldPath) -> String? {
    if let text = node.scalar?.stringValue { return text }
    let hint = node.kind == .scalar ? "; put it in quotes: \"\(node.text)\"" : ""
    report(node, path, "should be a string, not \(node.typeName)\(hint)")
    return nil
  }

  func int(_ node: Node, _ path: FieldPath) -> Int? {
    guard case .integer? = node.scalar else {
      report(node, path, "should be an integer, not \(node.typeName)")
      return nil
    }
    if let value = node.scalar?.intValue.flatMap(Int.init(exactly:)) { return value }
    report(node, path, "\(node.text) is beyond 64 bits")
    return nil
  }

  func double(_ node: Node, _ path: FieldPath) -> Double? {
    if let value = node.scalar?.doubleValue { return value }
    report(node, path, "should be a number, not \(node.typeName)")
    return nil
  }

  func bool(_ node: Node, _ path: FieldPath) -> Bool? {
    if let value = node.scalar?.boolValue { return value }
    let word = ["yes": "true", "on": "true", "no": "false", "off": "false"][node.text.lowercased()]
    report(node, path, "should be true or false, not \(node.typeName)", suggestion: word)
    return nil
  }

  func duration(_ node: Node, _ path: FieldPath) -> Duration? {
    if node.kind == .scalar, let value = DurationSyntax.duration(node.text) { return value }
    let what = node.kind == .scalar ? Scalar.quoted(node.text) : node.typeName
    let isNumber = node.scalar?.intValue != nil
    report(
      node, path, "should be a duration such as 30s, 5m, 1h30m or 250ms, not \(what)",
      suggestion: isNumber ? node.text + "s" : nil)
    return nil
  }

  func byteCount(_ node: Node, _ path: FieldPath) -> Int? {
    if node.kind == .scalar, let value = ByteCountSyntax.bytes(node.text) { return value }
    let what = node.kind == .scalar ? Scalar.quoted(node.text) : node.typeName
    report(node, path, "should be a count of bytes such as 512MiB or 2GiB, not \(what)")
    return nil
  }

  func strings(_ node: Node, _ path: FieldPath) -> [String]? {
    guard node.kind == .sequence else { return string(node, path).map { [$0] } }
    let values = node.elements.enumerated().map { string($1, path.appending(.index($0))) }
    return values.contains(nil) ? nil : values.compactMap { $0 }
  }

  func choice<Choice: CaseIterable & RawRepresentable<String>>(
    _ node: Node, _ path: FieldPath, _ type: Choice.Type
  ) -> Choice? {
    let names = type.allCases.map(\.rawValue)
    // `off` and `true` may be names of choices: the text decides, not the type.
    if node.kind == .scalar, let choice = Choice(rawValue: node.text) { return choice }
    let what = node.kind == .scalar ? Scalar.quoted(node.text) : node.typeName
    report(
      node, path, "should be one of \(names.joined(separator: ", ")), not \(what)",
      suggestion: node.kind == .scalar ? NearestName.nearest(to: node.text, among: names) : nil)
    return nil
  }

  func mapping(_ node: Node, _ path: FieldPath) -> MappingReader? {
    if node.kind == .mapping { return MappingReader(node, path: path, problems: problems) }
    report(node, path, "should be a mapping, not \(node.typeName)")
    return nil
  }
}
