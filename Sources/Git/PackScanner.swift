/// Looks through a pack as it arrives, before anything else does: that it is one, that it keeps to the limits, and that no
/// object in it inflates to more than it says or than may stand in memory (format: gitformat-pack).
///
/// libgit2 believes what a pack says of itself, and inflates whole objects: a bomb has to be stopped before it gets there.
package struct PackScanner {
  private enum State {
    case header, size, distance, base, body, trailer, end
  }

  private let limits: PackLimits
  private let inflater: Inflater
  private var state = State.header
  /// What has come of a field that isn't complete yet.
  private var field: [UInt8] = []
  private var entry = PackEntry()
  private var bytes = 0
  private var remaining = 0
  /// How many objects the pack says it has.
  package private(set) var objects = 0

  package init(limits: PackLimits) throws(PackProblem) {
    self.limits = limits
    inflater = try Inflater()
  }

  package mutating func scan(_ chunk: [UInt8]) throws(PackProblem) {
    bytes += chunk.count
    guard bytes <= limits.bytes else {
      throw PackProblem(.tooLarge, "the pack is larger than \(limits.bytes) bytes")
    }
    var position = 0
    while position < chunk.count {
      guard state != .body else {
        position += try inflate(chunk, from: position)
        continue
      }
      try take(chunk[position])
      position += 1
    }
  }

  /// Throws when the pack isn't complete.
  package func finish() throws(PackProblem) {
    guard case .end = state else { throw PackProblem(.malformed, "the pack ends too early") }
  }

  private mutating func take(_ byte: UInt8) throws(PackProblem) {
    field.append(byte)
    switch state {
    case .header where field.count == 12: try takeHeader()
    case .size: if byte & 0x80 == 0 { try takeSize() } else { try limitField(10) }
    case .distance: if byte & 0x80 == 0 { beginBody() } else { try limitField(10) }
    case .base where field.count == 20: beginBody()
    case .trailer where field.count == 20: state = .end
    case .end: throw PackProblem(.malformed, "something follows the pack")
    case .header, .base, .body, .trailer: break
    }
  }

  private mutating func takeHeader() throws(PackProblem) {
    guard field.starts(with: Array("PACK".utf8)), [2, 3].contains(Self.number(field[4..<8])) else {
      throw PackProblem(.malformed, "it is no pack of version 2 or 3")
    }
    objects = Self.number(field[8..<12])
    guard objects <= limits.objects else {
      throw PackProblem(.tooLarge, "the pack says that it has \(objects) objects, more than \(limits.objects)")
    }
    remaining = objects
    next()
  }

  private mutating func takeSize() throws(PackProblem) {
    entry = try PackEntry(header: field)
    try limit(entry.size)
    field.removeAll(keepingCapacity: true)
    switch entry.kind {
    case .whole: beginBody()
    case .deltaByDistance: state = .distance
    case .deltaByName: state = .base
    }
  }

  private mutating func beginBody() {
    field.removeAll(keepingCapacity: true)
    inflater.reset()
    state = .body
  }

  private mutating func inflate(_ chunk: [UInt8], from position: Int) throws(PackProblem) -> Int {
    var entry = entry
    let limit = limits.objectBytes
    let (consumed, isFinished) = try chunk.withUnsafeBufferPointer { (bytes) throws(PackProblem) in
      try inflater.inflate(UnsafeBufferPointer(rebasing: bytes[position...])) { (piece) throws(PackProblem) in
        try entry.take(piece, limit: limit)
      }
    }
    self.entry = entry
    if isFinished {
      try entry.finish()
      remaining -= 1
      next()
    }
    return consumed
  }

  private mutating func next() {
    field.removeAll(keepingCapacity: true)
    state = remaining > 0 ? .size : .trailer
  }

  private func limit(_ size: Int) throws(PackProblem) {
    guard size <= limits.objectBytes else {
      throw PackProblem(.tooLarge, "an object of the pack has \(size) bytes, more than \(limits.objectBytes)")
    }
  }

  private func limitField(_ count: Int) throws(PackProblem) {
    guard field.count < count else { throw PackProblem(.malformed, "a number in the pack never ends") }
  }

  private static func number(_ bytes: ArraySlice<UInt8>) -> Int {
    bytes.reduce(0) { $0 << 8 | Int($1) }
  }
}
