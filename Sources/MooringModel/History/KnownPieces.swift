/// What somebody made of the documents of YAML files, remembered by their bytes: of a large file all but a few are as they were
/// in another version.
package struct KnownPieces<Value> {
  /// A file as it was read last.
  private struct File {
    var bytes: [UInt8] = []
    var pieces: [Range<Int>] = []
    var values: [Value] = []
  }

  private let most: Int
  private var known: [Piece: Value] = [:]
  private var last = File()

  /// - Parameter most: How many are remembered; beyond them all are forgotten.
  package init(most: Int) { self.most = most }

  /// What is made of each document of a file; `nil` where the file isn't one of several, or nothing can be made of one.
  package mutating func values(of bytes: [UInt8], make: ([UInt8]) throws -> Value?) rethrows -> [Value]? {
    let kept = YAMLPieces.Kept(of: last.pieces, in: last.bytes, stillIn: bytes)
    guard let between = YAMLPieces.ranges(of: bytes, in: kept.between) else { return nil }
    let moved = bytes.count - last.bytes.count
    let end = last.pieces.count - kept.last
    let pieces =
      last.pieces[..<kept.first] + between
      + last.pieces[end...].map { $0.lowerBound + moved..<$0.upperBound + moved }
    guard pieces.count > 1 else { return nil }
    var file = File(bytes: bytes, pieces: Array(pieces))
    file.values.reserveCapacity(pieces.count)
    file.values += last.values[..<kept.first]
    for (number, piece) in between.enumerated() {
      // Where two documents changed, those between them mostly stand at the same place from either end.
      if let same = [kept.first + number, end - between.count + number].first(where: { isLast($0, piece, of: bytes) }) {
        file.values.append(last.values[same])
      } else if let value = try value(of: Piece(bytes: Array(bytes[piece])), make) {
        file.values.append(value)
      } else {
        return nil
      }
    }
    file.values += last.values[end...]
    last = file
    return file.values
  }

  private func isLast(_ number: Int, _ piece: Range<Int>, of bytes: [UInt8]) -> Bool {
    last.pieces.indices.contains(number) && YAMLPieces.isSame(last.bytes, last.pieces[number], bytes, piece)
  }

  private mutating func value(of piece: Piece, _ make: ([UInt8]) throws -> Value?) rethrows -> Value? {
    if let value = known[piece] { return value }
    guard let value = try make(piece.bytes) else { return nil }
    if known.count >= most { known = [:] }
    known[piece] = value
    return value
  }

  /// The bytes of a document.
  private struct Piece: Hashable {
    var bytes: [UInt8]

    // All at once: one by one they take longer to hash than to read.
    func hash(into hasher: inout Hasher) { bytes.withUnsafeBytes { hasher.combine(bytes: $0) } }
  }
}
