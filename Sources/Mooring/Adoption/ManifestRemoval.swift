import Documents
import MooringModel

/// Takes objects out of a file of manifests, and leaves every other byte of it as it is.
///
/// A document goes with the line `---` before it and the comments that stand in it. Comments at the top of the file stay
/// where a blank line parts them from the first document. What comes out is read again: it has to hold the other
/// documents, and nothing else.
struct ManifestRemoval {
  let path: String

  private static let marker = Array("---".utf8)
  private static let newline = UInt8(ascii: "\n")

  /// - Returns: `nil` where nothing is left.
  /// - Throws: `Fault` where the objects can't be taken out by themselves.
  func bytes(_ bytes: [UInt8], without sites: [ManifestSite]) throws(Fault) -> [UInt8]? {
    var bytes = bytes
    // From behind, so that those before stay where they are.
    for site in sites.sorted(by: >) {
      guard let left = try self.bytes(bytes, without: site) else { return nil }
      bytes = left
    }
    return bytes
  }

  private func bytes(_ bytes: [UInt8], without site: ManifestSite) throws(Fault) -> [UInt8]? {
    do {
      let documents = try Document.parse(bytes, as: site.format)
      guard documents.indices.contains(site.document) else { throw refused("it has no document \(site.document)") }
      if site.item != nil, documents[site.document].root["items"]?.elements.count ?? 0 > 1 {
        return try Document.edit(
          bytes, as: site.format, [FieldEdit(document: site.document, path: site.prefix, .remove)])
      }
      let others = documents.indices.filter { $0 != site.document && documents[$0].root.scalar != .null }
      if others.isEmpty { return nil }
      let left = self.bytes(documents, bytes, without: site.document)
      let read = try Document.parse(left, as: site.format).filter { $0.root.scalar != .null }
      guard read.map({ FieldValue($0.root) }) == others.map({ FieldValue(documents[$0].root) }) else {
        throw refused("its documents can't be parted")
      }
      return left
    } catch let fault as Fault {
      throw fault
    } catch {
      throw refused("\(error)")
    }
  }

  private func refused(_ why: String) -> Fault {
    Fault(
      .conflict, "the manifest can't be taken out: \(why)", at: path, remedy: "change it in the repository by hand")
  }

  private func bytes(_ documents: [Document], _ bytes: [UInt8], without place: Int) -> [UInt8] {
    let root = documents[place].root.byteRange
    let before = place == 0 ? 0 : documents[place - 1].root.byteRange.upperBound
    let end = markerLine(in: bytes, from: root.upperBound) ?? bytes.count
    let start = lastMarkerLine(in: bytes, before..<root.lowerBound) ?? headingEnd(of: bytes, root.lowerBound)
    var rest = bytes[end...]
    // A file need not begin with a line that parts documents.
    if start == 0, rest.starts(with: Self.marker + [Self.newline]) { rest = rest.dropFirst(Self.marker.count + 1) }
    return Array(bytes[..<start] + rest)
  }

  /// Where the next line begins that parts documents.
  private func markerLine(in bytes: [UInt8], from start: Int) -> Int? {
    lineStarts(in: bytes, start..<bytes.count).first { isMarker(bytes[$0...]) }
  }

  private func lastMarkerLine(in bytes: [UInt8], _ range: Range<Int>) -> Int? {
    lineStarts(in: bytes, range).last { isMarker(bytes[$0...]) }
  }

  private func lineStarts(in bytes: [UInt8], _ range: Range<Int>) -> [Int] {
    range.filter { $0 == 0 || bytes[$0 - 1] == Self.newline }
  }

  private func isMarker(_ line: ArraySlice<UInt8>) -> Bool {
    guard line.starts(with: Self.marker) else { return false }
    return line.dropFirst(Self.marker.count).first.map { " \t\r\n".utf8.contains($0) } ?? true
  }

  /// After the last blank line above a document.
  private func headingEnd(of bytes: [UInt8], _ document: Int) -> Int {
    var (end, place) = (0, 0)
    while place < document, let line = bytes[place..<document].firstIndex(of: Self.newline) {
      if bytes[place..<line].allSatisfy({ $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }) { end = line + 1 }
      place = line + 1
    }
    return end
  }
}
