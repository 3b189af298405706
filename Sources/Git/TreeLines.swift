internal import Glibc

/// The entries of a tree object's bytes, in their order: `mode SP name NUL id`, over and over (gitformat-tree).
package struct TreeLines {
  struct Line {
    var mode: UInt32
    var name: UnsafeRawBufferPointer
    var id: ObjectID

    func isNamed(_ other: [UInt8]) -> Bool {
      guard name.count == other.count, let base = name.baseAddress else { return false }
      return other.withUnsafeBytes { bytes in
        guard let start = bytes.baseAddress else { return false }
        return memcmp(base, start, bytes.count) == 0
      }
    }
  }

  private let bytes: UnsafeRawBufferPointer
  private var position = 0
  /// Whether the bytes stopped making sense: then `next` has returned nil before their end.
  private(set) var isMalformed = false

  init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

  mutating func next() -> Line? {
    guard position < bytes.count, !isMalformed else { return nil }
    var cursor = position
    var mode: UInt32 = 0
    while cursor < bytes.count, bytes[cursor] != UInt8(ascii: " ") {
      let digit = bytes[cursor]
      guard (0x30...0x37).contains(digit), cursor - position < 7 else { return fail() }
      mode = mode << 3 | UInt32(digit - 0x30)
      cursor += 1
    }
    let start = cursor + 1
    cursor = start
    guard start < bytes.count, let base = bytes.baseAddress,
      let end = memchr(base + start, 0, bytes.count - start)
    else { return fail() }
    cursor = UnsafeRawPointer(end) - base
    guard cursor > start, cursor + ObjectID.byteCount < bytes.count else { return fail() }
    position = cursor + 1 + ObjectID.byteCount
    return Line(
      mode: mode, name: UnsafeRawBufferPointer(rebasing: bytes[start..<cursor]),
      id: ObjectID(loading: bytes, at: cursor + 1))
  }

  private mutating func fail() -> Line? {
    isMalformed = true
    return nil
  }

  /// All entries, or nil when the bytes are no tree.
  package static func entries(of bytes: UnsafeRawBufferPointer) -> [TreeEntry]? {
    var lines = TreeLines(bytes)
    var entries: [TreeEntry] = []
    entries.reserveCapacity(bytes.count / 32)
    while let line = lines.next() {
      entries.append(TreeEntry(rawName: Array(line.name), mode: .init(rawValue: line.mode), id: line.id))
    }
    return lines.isMalformed ? nil : entries
  }
}
