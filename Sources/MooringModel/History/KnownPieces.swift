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
  private var known: [[UInt8]: Value] = [:]
  private var last = File()

  /// - Parameter most: How many are remembered; beyond them all are forgotten.
  package init(most: Int) { self.most = most }

  /// What is made of each document of a file; `nil` where the file isn't one of several, or nothing can be made of one.
  package mutating func values(of bytes: [UInt8], make: ([UInt8]) throws -> Value?) rethrows -> [Value]? {
    guard let pieces = YAMLPieces.ranges(of: bytes), pieces.count > 1 else { return nil }
    var file = File(bytes: bytes, pieces: pieces)
    let moved = pieces.count - last.pieces.count
    for (number, piece) in pieces.enumerated() {
      // Mostly the last file was another version of this one, with the document at the same place from either end.
      if let same = [number, number - moved].first(where: { isLast($0, piece, of: bytes) }) {
        file.values.append(last.values[same])
      } else if let value = try value(of: Array(bytes[piece]), make) {
        file.values.append(value)
      } else {
        return nil
      }
    }
    last = file
    return file.values
  }

  private func isLast(_ number: Int, _ piece: Range<Int>, of bytes: [UInt8]) -> Bool {
    last.pieces.indices.contains(number) && YAMLPieces.isSame(last.bytes, last.pieces[number], bytes, piece)
  }

  private mutating func value(of piece: [UInt8], _ make: ([UInt8]) throws -> Value?) rethrows -> Value? {
    if let value = known[piece] { return value }
    guard let value = try make(piece) else { return nil }
    if known.count >= most { known = [:] }
    known[piece] = value
    return value
  }
}
