import Git
import MooringJournal

/// Finds where a file that a commit brought was before: among those that the same commit took away, the one with the same
/// content, and otherwise the most similar one of which at least half of the lines are the same.
///
/// Similarity is twice the lines that both have, as often as both have them, over the lines of both. Of equals the first path
/// by bytes is taken. Copies aren't followed.
struct RenameSearch {
  /// Of more files that went at once, only those with the same content are looked at.
  private static let mostCandidates = 200
  /// A larger file is compared as a whole.
  private static let largest = 1 << 20

  let repository: Repository
  let index: HistoryIndex
  let line: HistoryIndex.Progress

  /// The path where the file was; `nil` where it is new.
  func source(of version: HistoryIndex.Version) throws -> Int64? {
    guard let blob = version.blob, version.mode.isBlob else { return nil }
    let removals = try index.removals(at: version.position, in: line).filter { $0.path != version.path }
      .map { (path: $0.path, raw: try index.path($0.path), content: $0.content) }
      .sorted { $0.raw.lexicographicallyPrecedes($1.raw) }
    if let same = removals.first(where: { $0.content == blob }) { return same.path }
    guard !removals.isEmpty, removals.count <= Self.mostCandidates, let lines = try lines(of: blob) else { return nil }
    var best: (path: Int64, similarity: Double)?
    for removal in removals {
      guard let other = try self.lines(of: removal.content) else { continue }
      let similarity = Self.similarity(lines, other)
      if similarity >= 0.5, similarity > best?.similarity ?? 0 { best = (removal.path, similarity) }
    }
    return best?.path
  }

  private func lines(of blob: ObjectID) throws -> [ArraySlice<UInt8>: Int]? {
    guard try repository.kind(of: blob) == .blob, let bytes = try repository.indexedBlob(blob, limit: Self.largest)
    else {
      return nil
    }
    var lines: [ArraySlice<UInt8>: Int] = [:]
    for line in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: true) {
      lines[line, default: 0] += 1
    }
    return lines
  }

  private static func similarity(_ one: [ArraySlice<UInt8>: Int], _ other: [ArraySlice<UInt8>: Int]) -> Double {
    let all = one.values.reduce(0, +) + other.values.reduce(0, +)
    let common = one.reduce(0) { $0 + min($1.value, other[$1.key] ?? 0) }
    return all == 0 ? 0 : 2 * Double(common) / Double(all)
  }
}
