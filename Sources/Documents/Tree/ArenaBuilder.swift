/// Builds the arena from the events of any format, and keeps the limits while it does.
///
/// Children wait in `pending` until their container ends, then become one run of `links`.
struct ArenaBuilder {
  private struct Frame {
    var record: Int32
    var base: Int
    var measure: Measure
    var anchor: String?
  }

  /// What a node is when its aliases are written out: its nodes, and its levels.
  struct Measure {
    var nodes: Int
    var levels: Int
  }

  private enum Anchor {
    /// Its node hasn't ended: an alias to it now would contain itself.
    case open
    case closed(Int32, Measure)
  }

  private(set) var records: [NodeRecord] = []
  private(set) var links: [Int32] = []
  private(set) var pool: [UInt8] = []
  private(set) var tags: [String] = []
  private(set) var anchors: [Int32: String] = [:]
  private var tagNumbers: [String: Int32] = [:]
  private var named: [String: Anchor] = [:]
  private var pending: [Int32] = []
  private var frames: [Frame] = []
  private var written = 0
  private let source: [UInt8]
  private let limits: Limits
  /// Whether a plain key `<<` merges, as in YAML.
  private let mergesKeys: Bool

  init(source: [UInt8], limits: Limits, mergesKeys: Bool = false) {
    self.source = source
    self.mergesKeys = mergesKeys
    self.limits = limits
    let guess = min(source.count / 12 + 16, 1 << 20)
    records.reserveCapacity(guess)
    links.reserveCapacity(guess)
  }

  /// How many containers are open.
  var depth: Int { frames.count }

  var isInMapping: Bool { frames.last.map { records[Int($0.record)].shape == .mapping } ?? false }

  /// Whether the next node is a mapping's key.
  var expectsKey: Bool {
    guard let frame = frames.last, isInMapping else { return false }
    return (pending.count - frame.base).isMultiple(of: 2)
  }

  mutating func addToPool(_ bytes: some Collection<UInt8>) -> TextReference {
    let offset = pool.count
    pool.append(contentsOf: bytes)
    return TextReference(pool: offset, length: pool.count - offset)
  }

  mutating func tagNumber(_ tag: String) -> Int32 {
    if let number = tagNumbers[tag] { return number }
    let number = Int32(tags.count)
    tags.append(tag)
    tagNumbers[tag] = number
    return number
  }

  mutating func scalar(
    _ type: NodeRecord.ScalarType, _ text: TextReference, range: Range<Int>, style: NodeStyle, tag: Int32 = -1,
    anchor: String? = nil
  ) throws(ReadingProblem) {
    var record = NodeRecord(
      shape: .scalar, type: type, style: style, start: Int32(range.lowerBound), end: Int32(range.upperBound))
    record.first = Int32(text.offset)
    record.count = Int32(text.length)
    if text.pooled { record.flags = .pooled }
    record.tag = tag
    let index = try append(record, Measure(nodes: 1, levels: 0))
    if let anchor { name(anchor, index, Measure(nodes: 1, levels: 0)) }
  }

  mutating func begin(
    _ shape: NodeRecord.Shape, at start: Int, style: NodeStyle, tag: Int32 = -1, anchor: String? = nil
  ) throws(ReadingProblem) {
    guard !expectsKey else {
      throw ReadingProblem(
        .unsupported, "a mapping or list is used as a key", at: start, remedy: "use a scalar as the key")
    }
    guard frames.count < limits.depth else { throw tooDeep(at: start) }
    var record = NodeRecord(shape: shape, style: style, start: Int32(start), end: Int32(start))
    record.tag = tag
    let index = try append(record, Measure(nodes: 0, levels: 0))
    frames.append(Frame(record: index, base: pending.count, measure: Measure(nodes: 1, levels: 1), anchor: anchor))
    if let anchor { named[anchor] = .open }
  }

  /// Ends the innermost container; `end` nil means where its last child ends.
  mutating func end(at end: Int?) throws(ReadingProblem) {
    guard let frame = frames.popLast() else { return }
    let index = Int(frame.record)
    let run = links.count..<links.count + pending.count - frame.base
    links.append(contentsOf: pending[frame.base...])
    pending.removeLast(run.count)
    if records[index].shape == .mapping { try checkKeys(run, of: index) }
    records[index].end = end.map(Int32.init) ?? run.last.map { records[Int(links[$0])].end } ?? records[index].start
    records[index].first = Int32(run.lowerBound)
    records[index].count = Int32(run.count)
    try grow(by: frame.measure, at: Int(records[index].start))
    if let anchor = frame.anchor { name(anchor, frame.record, frame.measure) }
  }

  mutating func alias(_ anchor: String, range: Range<Int>) throws(ReadingProblem) {
    guard let target = named[anchor] else {
      throw ReadingProblem(
        .syntax, "alias *\(anchor) has no anchor before it", at: range.lowerBound, remedy: "define &\(anchor) first")
    }
    guard case .closed(let node, let measure) = target else {
      throw ReadingProblem(.unsupported, "alias *\(anchor) contains itself", at: range.lowerBound)
    }
    if expectsKey && records[Int(node)].shape != .scalar {
      throw ReadingProblem(
        .unsupported, "a mapping or list is used as a key", at: range.lowerBound, remedy: "use a scalar as the key")
    }
    guard frames.count + measure.levels <= limits.depth else { throw tooDeep(at: range.lowerBound) }
    var record = NodeRecord(
      shape: .alias, style: .plain, start: Int32(range.lowerBound), end: Int32(range.upperBound))
    record.first = node
    _ = try append(record, measure)
  }

  /// Ends a document: its root, or nil when it has none. Anchors don't outlive their document.
  mutating func finishDocument() -> Int32? {
    named.removeAll()
    frames.removeAll()
    written = records.count
    defer { pending.removeAll() }
    return pending.first
  }

  private mutating func name(_ anchor: String, _ index: Int32, _ measure: Measure) {
    named[anchor] = .closed(index, measure)
    anchors[index] = anchor
  }

  private mutating func append(_ record: NodeRecord, _ measure: Measure) throws(ReadingProblem) -> Int32 {
    guard records.count < limits.nodes else {
      throw ReadingProblem(
        .limit("nodes"), "more than \(limits.nodes) nodes", at: Int(record.start), remedy: "split the file")
    }
    let index = Int32(records.count)
    records.append(record)
    pending.append(index)
    try grow(by: measure, at: Int(record.start))
    return index
  }

  /// Adds a child's measure to the innermost container's, and holds it to the limit of expansion.
  private mutating func grow(by child: Measure, at offset: Int) throws(ReadingProblem) {
    guard let last = frames.indices.last else { return }
    frames[last].measure.nodes += child.nodes
    frames[last].measure.levels = max(frames[last].measure.levels, child.levels + 1)
    guard frames[last].measure.nodes <= records.count - written + limits.aliasExpansion else {
      throw ReadingProblem(
        .limit("aliasExpansion"), "aliases expand to more than \(limits.aliasExpansion) nodes", at: offset,
        remedy: "write the values out, or alias less")
    }
  }

  private func tooDeep(at offset: Int) -> ReadingProblem {
    ReadingProblem(.limit("depth"), "nested deeper than \(limits.depth) levels", at: offset)
  }

  func isMergeKey(_ key: Int32) -> Bool {
    let record = records[Int(key)]
    guard mergesKeys, record.shape == .scalar, record.count == 2, record.style == .plain, record.tag < 0 else {
      return false
    }
    return withText(of: key) { $0.elementsEqual("<<".utf8) }
  }

  mutating func setMerges(_ mapping: Int) {
    records[mapping].flags.insert(.merges)
  }

  /// The text of a key, seen through an alias.
  func withText<Result>(of key: Int32, _ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
    let record = records[Int(resolve(key))]
    let range = Int(record.first)..<Int(record.first) + Int(record.count)
    return (record.flags.contains(.pooled) ? pool : source).withUnsafeBufferPointer {
      body(UnsafeBufferPointer(rebasing: $0[range]))
    }
  }

  func resolve(_ index: Int32) -> Int32 {
    let record = records[Int(index)]
    return record.shape == .alias ? record.first : index
  }
}
