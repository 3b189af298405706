import Documents

/// One edit of a random file, at a random place, with a value that is easily misread.
struct RandomEdit {
  var source: [UInt8]
  var format: DocumentFormat
  var edit: FieldEdit
  /// The lines, from 0, that the edit may change in the old file.
  var touched: Range<Int>

  var verb: String {
    switch edit.action {
    case .set: "set"
    case .add: "add"
    case .remove: "remove"
    }
  }

  /// - Parameter bytes: The file; nil for a random one.
  init?(_ format: DocumentFormat, _ files: inout RandomFiles, of bytes: [UInt8]? = nil) throws {
    self.format = format
    source = bytes ?? Array(files.file(format).utf8)
    guard let document = try Document.parse(source, as: format).first else { return nil }
    var path = FieldPath.root
    var holder = document.root
    var holderStart = 0
    while let next = Self.child(of: holder, &files), next.1.kind != .scalar, !files.one(in: 4) {
      holderStart = holder.entries.first { .key($0.key) == next.0 }?.keyNode.byteRange.lowerBound ?? holderStart
      (path, holder) = (path.appending(next.0), next.1)
    }
    // INI files have two levels.
    if format == .ini, path.components.count != 1 { return nil }
    if files.one(in: 4) {
      let component: FieldPath.Component =
        holder.kind == .mapping
        ? .key(files.pick(["new", "new"])) : .index(files.count(0...holder.elements.count))
      edit = FieldEdit(path: path.appending(component), .add(Self.value(format, &files)))
      touched = Self.lines(holder.byteRange.upperBound - 1..<holder.byteRange.upperBound, source)
      if holder.kind == .sequence || holder.style == .flow { touched = Self.lines(holder.byteRange, source) }
      if holder.style == .block, format != .json { touched = touched.upperBound..<touched.upperBound }
      if holder.elements.isEmpty, holder.entries.isEmpty { touched = Self.lines(holder.byteRange, source) }
      return
    }
    guard let (component, node) = Self.child(of: holder, &files) else { return nil }
    var start = holder.entries.first { .key($0.key) == component }?.keyNode.byteRange.lowerBound
    // A list's dash may stand on a line before its element.
    if case .index(let index) = component {
      start = index == 0 ? holder.byteRange.lowerBound : holder.elements[index - 1].byteRange.upperBound
    }
    let touchedStart = start ?? node.byteRange.lowerBound
    touched = Self.lines(touchedStart..<node.byteRange.upperBound, source)
    let isRemoval = files.one(in: 3)
    if isRemoval, holder.style == .flow || holder.elements.count + holder.entries.count == 1 {
      touched = Self.lines(holderStart..<holder.byteRange.upperBound, source)
    }
    if isRemoval { touched = max(0, touched.lowerBound - (format == .json ? 1 : 0))..<touched.upperBound }
    // The entry behind the first one in `- key: value` moves up.
    if isRemoval, holder.style == .block, format == .yaml, holder.entries.count > 1,
      component == .key(holder.entries[0].key)
    {
      touched = Self.lines(touchedStart..<holder.entries[1].keyNode.byteRange.upperBound, source)
    }
    if format == .toml, node.style == .block { touched = 0..<Int.max }
    edit = FieldEdit(path: path.appending(component), isRemoval ? .remove : .set(Self.value(format, &files)))
  }

  private static func child(of node: Node, _ files: inout RandomFiles) -> (FieldPath.Component, Node)? {
    if !node.entries.isEmpty {
      let entry = files.pick(node.entries)
      return (.key(entry.key), entry.value)
    }
    guard !node.elements.isEmpty else { return nil }
    let index = files.count(0...node.elements.count - 1)
    return (.index(index), node.elements[index])
  }

  private static func lines(_ range: Range<Int>, _ source: [UInt8]) -> Range<Int> {
    func line(_ offset: Int) -> Int { source[..<max(0, min(offset, source.count))].count { $0 == 0x0A } }
    return line(range.lowerBound)..<line(max(range.lowerBound, range.upperBound - 1)) + 1
  }

  static func value(_ format: DocumentFormat, _ files: inout RandomFiles) -> FieldValue {
    let strings = [
      "x", "no", "8080", "null", "~", "2001-01-01", "1.10", "it's", "\"q\"", "é 𝄞", "--flag={a,b}", "[x", "x:y",
      "$HOME",
    ]
    let nasty = [
      "", " x ", "a: b", "x # y", "# x", "two\nlines\n", "two\n\n lines", "\t", "a\\b\u{7}", "x\n\n", "=", "a,b",
    ]
    if format == .ini { return .scalar(.string(files.pick(strings))) }
    let string = Scalar.string(files.pick(files.one(in: 2) ? strings : nasty))
    if format == .env { return .scalar(string) }
    let others: [Scalar] = [.integer("8080"), .float("1.10"), .bool(true), format == .toml ? .integer("0") : .null]
    let scalar = files.one(in: 3) ? files.pick(others) : string
    switch files.count(0...9) {
    case 0: return .sequence([.scalar(scalar), .sequence([]), .sequence([.scalar(string)])])
    case 1: return .mapping([.init(key: "m", value: .scalar(scalar)), .init(key: "n", value: .mapping([]))])
    default: return .scalar(scalar)
    }
  }
}
