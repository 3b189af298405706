/// Lines of a text that differ, with up to three unchanged ones around them, as in a unified diff.
public struct LineHunk: Sendable, Hashable, Codable {
  public struct Line: Sendable, Hashable, Codable {
    public enum Kind: String, Sendable, Hashable, Codable { case context, removed, added }

    public let kind: Kind
    /// Without its line end; bytes that aren't UTF-8 become U+FFFD.
    public let text: String
  }

  /// The first line in the old text, from 1; when the hunk holds none of it, the line before.
  public let oldStart: Int
  public let oldCount: Int
  /// The first line in the new text, likewise.
  public let newStart: Int
  public let newCount: Int
  public let lines: [Line]

  private static let context = 3

  static func hunks(from old: [UInt8], to new: [UInt8]) -> [LineHunk] {
    let oldLines = lines(of: old)
    let newLines = lines(of: new)
    var interning = Interning<ArraySlice<UInt8>>()
    let gaps = SequenceComparison.gaps(
      oldLines.map { interning.number(of: $0) }, newLines.map { interning.number(of: $0) })
    return groups(gaps).map { hunk($0, oldLines, newLines) }
  }

  /// Each line with its end, so that a last line with and without one differ.
  static func lines(of bytes: [UInt8]) -> [ArraySlice<UInt8>] {
    var result: [ArraySlice<UInt8>] = []
    var start = 0
    while start < bytes.count {
      let end = bytes[start...].firstIndex(of: 0x0A).map { $0 + 1 } ?? bytes.count
      result.append(bytes[start..<end])
      start = end
    }
    return result
  }

  /// Gaps whose context would touch are one hunk.
  private static func groups(_ gaps: [SequenceComparison.Gap]) -> [[SequenceComparison.Gap]] {
    var result: [[SequenceComparison.Gap]] = []
    for gap in gaps {
      if let last = result.last?.last, gap.old.lowerBound - last.old.upperBound <= 2 * context {
        result[result.count - 1].append(gap)
      } else {
        result.append([gap])
      }
    }
    return result
  }

  private static func hunk(
    _ gaps: [SequenceComparison.Gap], _ old: [ArraySlice<UInt8>], _ new: [ArraySlice<UInt8>]
  ) -> LineHunk {
    let first = gaps.first ?? SequenceComparison.Gap(old: 0..<0, new: 0..<0)
    let before = min(context, first.old.lowerBound)
    var (oldPlace, newPlace) = (first.old.lowerBound - before, first.new.lowerBound - before)
    let (oldStart, newStart) = (oldPlace, newPlace)
    var lines: [Line] = []
    func add(_ kind: Line.Kind, _ texts: ArraySlice<ArraySlice<UInt8>>) {
      lines += texts.map { Line(kind: kind, text: text(of: $0)) }
    }
    for gap in gaps {
      add(.context, old[oldPlace..<gap.old.lowerBound])
      add(.removed, old[gap.old])
      add(.added, new[gap.new])
      (oldPlace, newPlace) = (gap.old.upperBound, gap.new.upperBound)
    }
    let after = min(context, old.count - oldPlace)
    add(.context, old[oldPlace..<oldPlace + after])
    let (oldCount, newCount) = (oldPlace + after - oldStart, newPlace + after - newStart)
    return LineHunk(
      oldStart: oldCount == 0 ? oldStart : oldStart + 1, oldCount: oldCount,
      newStart: newCount == 0 ? newStart : newStart + 1, newCount: newCount, lines: lines)
  }

  private static func text(of line: ArraySlice<UInt8>) -> String {
    var line = line
    if line.last == 0x0A { line.removeLast() }
    if line.last == 0x0D { line.removeLast() }
    return String(decoding: line, as: UTF8.self)
  }
}

extension LineHunk: CustomStringConvertible {
  /// As in a unified diff.
  public var description: String {
    let marks: [Line.Kind: String] = [.context: " ", .removed: "-", .added: "+"]
    let head = "@@ -\(oldStart),\(oldCount) +\(newStart),\(newCount) @@"
    return ([head] + lines.map { (marks[$0.kind] ?? "") + $0.text }).joined(separator: "\n")
  }
}
