extension TOMLTable {
  /// The table below `key`, made when it isn't there.
  func descend(_ key: TOMLKey, to origin: Origin, isHeader: Bool) throws(ReadingProblem) -> TOMLTable {
    switch self[key.name] {
    case nil:
      let table = TOMLTable(origin, range: key.range)
      add(key, .table(table))
      return table
    case .table(let table) where isHeader && table.origin != .inline: return table
    case .table(let table) where table.origin == .implied || table.origin == .dotted:
      table.origin = origin
      return table
    case .tables(let list) where isHeader: return list.last
    default: throw Self.redefined(key)
    }
  }

  /// `[key]`.
  func defineTable(_ key: TOMLKey, _ range: Range<Int>) throws(ReadingProblem) -> TOMLTable {
    switch self[key.name] {
    case nil:
      let table = TOMLTable(.header, range: range)
      add(key, .table(table))
      return table
    case .table(let table) where table.origin == .implied:
      table.origin = .header
      table.range = range
      return table
    default: throw Self.redefined(key)
    }
  }

  /// `[[key]]`.
  func appendTable(_ key: TOMLKey, _ range: Range<Int>) throws(ReadingProblem) -> TOMLTable {
    let table = TOMLTable(.header, range: range)
    switch self[key.name] {
    case nil: add(key, .tables(TOMLTableList(table)))
    case .tables(let list): list.add(table)
    default: throw Self.redefined(key)
    }
    return table
  }

  /// `a.b.c = value`.
  func assign(_ value: TOMLValue, at path: [TOMLKey]) throws(ReadingProblem) {
    guard let name = path.last else { return }
    var table = self
    for part in path.dropLast() { table = try table.descend(part, to: .dotted, isHeader: false) }
    guard table[name.name] == nil else { throw Self.redefined(name) }
    table.add(name, value)
  }

  private static func redefined(_ key: TOMLKey) -> ReadingProblem {
    ReadingProblem(
      .duplicateKey, "key \(Scalar.quoted(key.name)) is already defined", at: key.range.lowerBound,
      remedy: "keep one of them")
  }
}

extension TOMLReader {
  /// Hands a table to the arena; its depth is held to the limit there, before any recursion goes deeper.
  mutating func emit(_ table: TOMLTable) throws(ReadingProblem) {
    let style: NodeStyle = table.origin == .inline ? .flow : .block
    try builder.begin(.mapping, at: table.range.lowerBound, style: style)
    for entry in table.entries {
      try builder.scalar(.string, entry.key.text, range: entry.key.range, style: entry.key.style)
      try emit(entry.value)
    }
    try builder.end(at: style == .flow || table.origin == .header ? table.range.upperBound : nil)
  }

  private mutating func emit(_ value: TOMLValue) throws(ReadingProblem) {
    switch value {
    case .scalar(let type, let text, let range, let style):
      try builder.scalar(type, text, range: range, style: style)
    case .array(let values, let range):
      try builder.begin(.sequence, at: range.lowerBound, style: .flow)
      for value in values { try emit(value) }
      try builder.end(at: range.upperBound)
    case .table(let table): try emit(table)
    case .tables(let list):
      try builder.begin(.sequence, at: list.tables.first?.range.lowerBound ?? 0, style: .block)
      for table in list.tables { try emit(table) }
      try builder.end(at: nil)
    }
  }
}
