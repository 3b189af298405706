/// Carries steps out in env and properties files, and in an INI file's sections.
struct LineEditor {
  let site: EditSite
  private var source: SourceText { site.source }

  private var writer: LineWriter {
    LineWriter(
      format: site.format, offset: (site.target ?? site.container ?? site.root).byteRange.lowerBound)
  }

  func spellings(of action: EditStep.Action) throws(EditProblem) -> [[Splice]] {
    if site.format == .ini, site.path.count < 2, let ways = try INISections(site: site).spellings(of: action) {
      return ways
    }
    guard !site.path.isEmpty else { throw wholeFile }
    let holder = try site.holder()
    switch action {
    case .replace(let value): return try replace(holder.ownEntries[site.place], with: value)
    case .insert(let value): return try insert(value, into: holder.ownEntries.filter { $0.value.kind == .scalar })
    case .remove: return [[source.removingLines(LineEntry(holder.ownEntries[site.place]).lines(in: source))]]
    }
  }

  private var wholeFile: EditProblem {
    EditProblem(.unsupported, "the file is always a mapping", at: 0, remedy: "edit its keys")
  }

  private func replace(_ entry: Node.Entry, with value: FieldValue) throws(EditProblem) -> [[Splice]] {
    let old = LineEntry(entry)
    if value.scalar == .null, site.format != .properties {
      return [[Splice(old.key.upperBound..<old.value.upperBound)]]
    }
    let texts = try spellings(of: value, style: entry.value.style, before: old.value.upperBound)
    if entry.value.scalar == .null { return texts.map { [Splice(at: old.key.upperBound, "=" + $0)] } }
    if site.format == .properties, old.key.upperBound == old.value.lowerBound {
      return texts.map { [Splice(at: old.value.lowerBound, "=" + $0)] }
    }
    guard site.format == .env else { return texts.map { [Splice(old.value, $0)] } }
    if old.value.isEmpty, let sign = source.bytes[old.key.upperBound...].firstIndex(of: UInt8(ascii: "=")) {
      return texts.map { [Splice(at: sign + 1, $0)] }
    }
    return texts.map { source.replacing(old.value, with: $0) }
  }

  /// An empty value before a comment stands in quotes, lest the comment be taken for the value.
  private func spellings(
    of value: FieldValue, style: NodeStyle, before end: Int
  ) throws(EditProblem) -> [String] {
    let texts = try writer.spellings(of: value, style: style)
    guard site.format == .env, value.scalar?.text.isEmpty ?? false else { return texts }
    return source[source.skipBlanks(from: end)] == UInt8(ascii: "#") ? texts.filter { !$0.isEmpty } : texts
  }

  private func insert(_ value: FieldValue, into entries: [Node.Entry]) throws(EditProblem) -> [[Splice]] {
    let last = entries.last.map(LineEntry.init)
    let opening = last.map { source.string(source.lineStart(of: $0.key.lowerBound)..<$0.key.lowerBound) } ?? ""
    let separators = entries.filter { $0.value.scalar != .null }.compactMap { LineEntry($0).separator(in: source) }
    let gap = site.format == .env ? "=" : separators.last ?? (site.format == .ini ? " = " : "=")
    let key = opening + (try writer.key(site.key))
    let place = last.map { $0.lines(in: source).upperBound } ?? INISections(site: site).bodyStart
    if value.scalar == .null, site.format != .properties { return [[source.insertingLines([key], at: place)]] }
    let style = entries.last { $0.value.scalar != .null }?.value.style ?? .plain
    return try writer.spellings(of: value, style: style).map { [source.insertingLines([key + gap + $0], at: place)] }
  }
}
