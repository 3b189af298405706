import CLibyaml

/// Builds documents from libyaml's events.
struct YAMLReader {
  private let source: UnsafeBufferPointer<UInt8>
  private let events: YAMLEventSource
  private var cursor: CharacterCursor

  static func read(
    _ bytes: [UInt8], from start: Int, into builder: inout ArenaBuilder, documents: Int
  ) throws(ReadingProblem) -> [Int32] {
    try refuseDirectives(bytes)
    return try bytes.withUnsafeBufferPointer { (source) throws(ReadingProblem) in
      guard let events = YAMLEventSource(UnsafeBufferPointer(rebasing: source[start...])) else {
        throw ReadingProblem(.limit("memory"), "no memory left to read it", at: 0)
      }
      var reader = YAMLReader(source: source, events: events, cursor: CharacterCursor(source, from: start))
      return try reader.read(into: &builder, documents: documents)
    }
  }

  /// libyaml compares every %TAG directive with all those before it, so that a megabyte of them takes seconds.
  private static func refuseDirectives(_ bytes: [UInt8]) throws(ReadingProblem) {
    var count = 0
    var place = 0
    while let sign = bytes[place...].firstIndex(of: UInt8(ascii: "%")) {
      // The last bytes of the line ends that YAML 1.1 knows: LF, CR, NEL, LS, PS.
      let isDirective = sign == 0 || [0x0A, 0x0D, 0x85, 0xA8, 0xA9].contains(bytes[sign - 1])
      if isDirective && bytes[sign...].starts(with: "%TAG".utf8) { count += 1 }
      guard count <= 1_000 else {
        throw ReadingProblem(.limit("directives"), "more than 1000 %TAG directives", at: sign)
      }
      place = sign + 1
    }
  }

  private mutating func read(into builder: inout ArenaBuilder, documents: Int) throws(ReadingProblem) -> [Int32] {
    var roots: [Int32] = []
    while true {
      guard let event = events.next() else { throw failure() }
      switch event.pointee.type {
      case YAML_SCALAR_EVENT: try scalar(event, into: &builder)
      case YAML_MAPPING_START_EVENT, YAML_SEQUENCE_START_EVENT: try begin(event, into: &builder)
      case YAML_MAPPING_END_EVENT: try end(event, event.pointee.start_mark, into: &builder)
      case YAML_SEQUENCE_END_EVENT: try end(event, event.pointee.start_mark, into: &builder)
      case YAML_ALIAS_EVENT:
        try builder.alias(Self.string(event.pointee.data.alias.anchor) ?? "", range: range(event))
      case YAML_DOCUMENT_START_EVENT where roots.count >= documents:
        throw ReadingProblem(
          .limit("documents"), "more than \(documents) documents", at: range(event).lowerBound,
          remedy: "split the file")
      case YAML_DOCUMENT_END_EVENT: if let root = builder.finishDocument() { roots.append(root) }
      case YAML_STREAM_END_EVENT: return roots
      default: break
      }
    }
  }

  private mutating func begin(
    _ event: UnsafePointer<yaml_event_t>, into builder: inout ArenaBuilder
  ) throws(ReadingProblem) {
    let isMapping = event.pointee.type == YAML_MAPPING_START_EVENT
    let data = event.pointee.data
    let isFlow =
      isMapping
      ? data.mapping_start.style == YAML_FLOW_MAPPING_STYLE : data.sequence_start.style == YAML_FLOW_SEQUENCE_STYLE
    let tag = Self.string(isMapping ? data.mapping_start.tag : data.sequence_start.tag)
    let anchor = Self.string(isMapping ? data.mapping_start.anchor : data.sequence_start.anchor)
    try builder.begin(
      isMapping ? .mapping : .sequence, at: range(event).lowerBound, style: isFlow ? .flow : .block,
      tag: tag.map { builder.tagNumber($0) } ?? -1, anchor: anchor)
  }

  /// A block ends where its last child does: libyaml's own mark lies behind the blanks and comments that follow.
  private mutating func end(
    _ event: UnsafePointer<yaml_event_t>, _ mark: yaml_mark_t, into builder: inout ArenaBuilder
  ) throws(ReadingProblem) {
    let isFlow = event.pointee.end_mark.index > event.pointee.start_mark.index
    try builder.end(at: isFlow ? range(event).upperBound : nil)
  }

  private mutating func scalar(
    _ event: UnsafePointer<yaml_event_t>, into builder: inout ArenaBuilder
  ) throws(ReadingProblem) {
    let data = event.pointee.data.scalar
    let range = range(event)
    let value = UnsafeBufferPointer(start: data.value, count: data.length)
    let style = Self.style(data.style)
    let tag = Self.string(data.tag)
    let type = try YAMLTypes.type(of: value, isPlain: style == .plain, tag: tag, at: range.lowerBound)
    try builder.scalar(
      type, reference(value, in: range, into: &builder), range: range, style: style,
      tag: tag.map { builder.tagNumber($0) } ?? -1, anchor: Self.string(data.anchor))
  }

  /// The value in the source, when its bytes stand there unchanged (after tag and quote), or a copy in the pool.
  private func reference(
    _ value: UnsafeBufferPointer<UInt8>, in range: Range<Int>, into builder: inout ArenaBuilder
  ) -> TextReference {
    for quotes in [0, 1] {
      let start = range.upperBound - quotes - value.count
      if start >= range.lowerBound, source[start..<start + value.count].elementsEqual(value) {
        return TextReference(start..<start + value.count)
      }
    }
    return builder.addToPool(value)
  }

  private mutating func range(_ event: UnsafePointer<yaml_event_t>) -> Range<Int> {
    let start = cursor.byte(of: Int(clamping: event.pointee.start_mark.index))
    return start..<max(start, cursor.byte(of: Int(clamping: event.pointee.end_mark.index)))
  }

  private mutating func failure() -> ReadingProblem {
    let failure = events.failure
    return ReadingProblem(.syntax, failure.message, at: cursor.byte(of: failure.character))
  }

  private static func string(_ text: UnsafeMutablePointer<UInt8>?) -> String? {
    text.map { String(cString: $0) }
  }

  private static func style(_ style: yaml_scalar_style_t) -> NodeStyle {
    switch style {
    case YAML_SINGLE_QUOTED_SCALAR_STYLE: .singleQuoted
    case YAML_DOUBLE_QUOTED_SCALAR_STYLE: .doubleQuoted
    case YAML_LITERAL_SCALAR_STYLE: .literal
    case YAML_FOLDED_SCALAR_STYLE: .folded
    default: .plain
    }
  }
}
