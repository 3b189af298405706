import Documents
import Testing

@testable import DocumentsTestSupport

/// What holds of every merge, on random files with random edits.
@Suite struct MergePropertyTests {
  private struct Versions {
    var format: DocumentFormat
    var base: [UInt8]
    var ours: [UInt8]
    var theirs: [UInt8]

    func merged(_ base: [UInt8], _ ours: [UInt8], _ theirs: [UInt8]) -> MergedFile {
      FileMerge(base: base, ours: ours, theirs: theirs, format: format).outcome()
    }

    var described: String {
      [base, ours, theirs].map { String(decoding: $0, as: UTF8.self).debugDescription }.joined(separator: "\n")
    }
  }

  private static let formats: [DocumentFormat] = [.yaml, .json, .toml, .env, .ini]

  /// Two edits of the same random file.
  private func versions(_ format: DocumentFormat, seed: UInt64) throws -> Versions? {
    var first = RandomFiles(seed: seed)
    guard let edit = try RandomEdit(format, &first) else { return nil }
    let ours = try? Document.edit(edit.source, as: format, [edit.edit])
    var other: RandomEdit?
    for attempt in 1...20 as ClosedRange<UInt64> where other == nil {
      var choices = RandomFiles(seed: seed &* 31 &+ attempt)
      other = try RandomEdit(format, &choices, of: edit.source)
    }
    guard let ours, let other, let theirs = try? Document.edit(edit.source, as: format, [other.edit]) else {
      return nil
    }
    return Versions(format: format, base: edit.source, ours: ours, theirs: theirs)
  }

  private func values(_ bytes: [UInt8], _ format: DocumentFormat) throws -> [FieldValue] {
    try Document.parse(bytes, as: format).map { FieldValue($0.root) }
  }

  @Test("a side that changed nothing has no say, and the same change on both sides is made once", arguments: formats)
  func identities(format: DocumentFormat) throws {
    for seed in 1...120 as ClosedRange<UInt64> {
      guard let v = try versions(format, seed: seed) else { continue }
      #expect(v.merged(v.base, v.ours, v.base) == .merged(v.ours))
      #expect(v.merged(v.base, v.base, v.theirs) == .merged(v.theirs))
      #expect(v.merged(v.base, v.ours, v.ours) == .merged(v.ours))
    }
  }

  @Test("merging again what was merged changes no field, and both ways round give the same fields", arguments: formats)
  func symmetry(format: DocumentFormat) throws {
    var (count, repeated) = (0, 0)
    for seed in 1...160 as ClosedRange<UInt64> {
      guard let v = try versions(format, seed: seed), case .merged(let merged) = v.merged(v.base, v.ours, v.theirs)
      else {
        continue
      }
      count += 1
      let value = try values(merged, format)
      // Where both sides changed a list side by side, what came of it is one change, and may conflict with either.
      if case .merged(let again) = v.merged(v.base, merged, v.theirs) {
        #expect(try values(again, format) == value, "seed \(seed)\n\(v.described)")
        repeated += 1
      }
      guard case .merged(let reverse) = v.merged(v.base, v.theirs, v.ours) else { continue }
      let both = try values(reverse, format)
      #expect(both == value || isReordered(both, value), "seed \(seed)\n\(v.described)")
    }
    #expect(count > 40 && repeated * 10 > count * 9, "\(count), \(repeated)")
  }

  /// What both sides put at the same place of a list stands in the order of the sides.
  private func isReordered(_ a: [FieldValue], _ b: [FieldValue]) -> Bool {
    a.description.utf8.sorted() == b.description.utf8.sorted()
  }

  @Test("the same versions give the same bytes", arguments: formats) func determinism(format: DocumentFormat) throws {
    for seed in 1...40 as ClosedRange<UInt64> {
      guard let v = try versions(format, seed: seed) else { continue }
      #expect(v.merged(v.base, v.ours, v.theirs) == v.merged(v.base, v.ours, v.theirs))
    }
  }
}
