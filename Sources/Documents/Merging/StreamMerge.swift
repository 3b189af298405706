/// Merges the documents of a file one by one, and puts the file together again.
struct StreamMerge {
  /// One document in its three versions, and what it comes to be.
  struct Slot {
    var base: DocumentStream.Piece?
    var ours: DocumentStream.Piece?
    var theirs: DocumentStream.Piece?
    var value: FieldValue?

    var name: String? { ours?.name ?? theirs?.name ?? base?.name }
  }

  private let base: DocumentStream
  private let ours: DocumentStream
  private let theirs: DocumentStream
  private let file: FileMerge
  private var slots: [Slot] = []
  private var isNamed = false

  init(base: DocumentStream, ours: DocumentStream, theirs: DocumentStream, of file: FileMerge) throws(MergeProblem) {
    (self.base, self.ours, self.theirs, self.file) = (base, ours, theirs, file)
    let counts = [base, ours, theirs].map(\.pieces.count)
    if counts == [1, 1, 1] {
      slots = [Slot(base: base.pieces[0], ours: ours.pieces[0], theirs: theirs.pieces[0])]
    } else if let named = namedSlots() {
      (slots, isNamed) = (named, true)
    } else if Set(counts).count == 1 {
      slots = ours.pieces.indices.map { Slot(base: base.pieces[$0], ours: ours.pieces[$0], theirs: theirs.pieces[$0]) }
    } else {
      throw MergeProblem(message: "its documents have no names to tell them apart by")
    }
  }

  /// The documents in their merged order, by the names of Kubernetes objects; nil when one has no name of its own.
  private func namedSlots() -> [Slot]? {
    var names: [[ExactText]] = []
    for stream in [base, ours, theirs] {
      let known = stream.pieces.filter { $0.value != nil }.compactMap { $0.name.map(ExactText.init) }
      guard Set(known).count == stream.pieces.count(where: { $0.value != nil }) else { return nil }
      names.append(known)
    }
    // The order of documents means nothing: ours stays, whatever the other side made of it.
    let order = ListOrder(base: names[2], ours: names[1], theirs: names[2])
    guard let all = order.merged(of: Set(names[1] + names[2])) else { return nil }
    func pieces(_ stream: DocumentStream) -> [ExactText: DocumentStream.Piece] {
      Dictionary(stream.pieces.compactMap { piece in piece.name.map { (ExactText($0), piece) } }) { first, _ in first }
    }
    let (before, own, other) = (pieces(base), pieces(ours), pieces(theirs))
    return all.map { Slot(base: before[$0], ours: own[$0], theirs: other[$0]) }
  }

  mutating func outcome(
    text: [UInt8]?, choosing choose: @escaping (MergeConflict) -> MergeSide?
  ) throws(MergeProblem) -> MergedFile {
    var conflicts: [MergeConflict] = []
    for place in slots.indices {
      var merge = FieldMerge(document: slots[place].name, listKeys: file.listKeys, choose: choose)
      slots[place].value = value(of: slots[place], by: &merge)
      conflicts += merge.conflicts
    }
    guard conflicts.isEmpty else { return .conflicts(conflicts) }
    if let text, file.selection.isEverything, reads(text) { return .merged(text) }
    do {
      let pieces = try slots.map { (slot) throws(EditError) in try PieceMerge(slot, of: file).bytes }
      let bytes = pieces.count == 1 ? pieces[0] : DocumentStream.joined(pieces)
      guard reads(bytes) else { return .impossible("the merged file wouldn't read back as it should") }
      return .merged(bytes)
    } catch {
      return .impossible("it can't be edited in place: \(error)")
    }
  }

  private func value(of slot: Slot, by merge: inout FieldMerge) -> FieldValue? {
    let sides = FieldMerge.Sides(base: slot.base?.value, ours: slot.ours?.value, theirs: slot.theirs?.value)
    guard file.selection.contains(documentNamed: slot.name) else { return sides.ours }
    // A field alone can't come back where its document is gone.
    if sides.ours == nil, file.selection.field != .root { return nil }
    return merge.merge(sides, only: file.selection.field.components[...], at: .root)
  }

  /// Whether a text has the merged documents and nothing else.
  private func reads(_ bytes: [UInt8]) -> Bool {
    do throws(DocumentError) {
      let pieces = try DocumentStream(bytes, as: file.format, limits: file.limits).pieces.filter { $0.value != nil }
      let wanted = slots.filter { $0.value != nil }
      guard isNamed else { return pieces.map(\.value) == wanted.map(\.value) }
      func table(_ documents: [(String?, FieldValue?)]) -> [ExactText: FieldValue] {
        Dictionary(documents.compactMap { name, value in value.map { (ExactText(name ?? ""), $0) } }) { $1 }
      }
      return pieces.count == wanted.count
        && table(pieces.map { ($0.name, $0.value) }) == table(wanted.map { ($0.name, $0.value) })
    } catch {
      return false
    }
  }
}

/// Writes one merged document.
struct PieceMerge {
  /// What the edits of one document may read at most, unless they are few: 64 MiB.
  private static let mostBytesRead = 64 << 20

  private let slot: StreamMerge.Slot
  private let file: FileMerge

  init(_ slot: StreamMerge.Slot, of file: FileMerge) {
    self.slot = slot
    self.file = file
  }

  /// Nothing where the document isn't there any more.
  var bytes: [UInt8] {
    get throws(EditError) {
      guard let ours = slot.ours else {
        guard let theirs = slot.theirs, let value = slot.value else { return [] }
        if theirs.value == value { return theirs.bytes }
        throw problem("a part of a document that isn't there any more")
      }
      guard let value = slot.value else { return ours.value == nil ? ours.bytes : [] }
      if slot.base?.bytes == slot.theirs?.bytes, ours.value == value { return ours.bytes }
      if ours.value == nil, let theirs = slot.theirs, theirs.value == value { return theirs.bytes }
      if let merged = lenient, let bytes = try? edited(merged, to: value) { return bytes }
      return try edited(ours.bytes, to: value)
    }
  }

  /// The lines of all sides together, where they are to be merged at all.
  private var lenient: [UInt8]? {
    guard file.selection.isEverything, let base = slot.base, let ours = slot.ours, let theirs = slot.theirs else {
      return nil
    }
    return LineMerge(base: base.bytes, ours: ours.bytes, theirs: theirs.bytes).lenient
  }

  private func edited(_ bytes: [UInt8], to value: FieldValue) throws(EditError) -> [UInt8] {
    let pieces: [DocumentStream.Piece]
    do {
      pieces = try DocumentStream(bytes, as: file.format, limits: file.limits).pieces
    } catch {
      throw problem(error.message)
    }
    guard pieces.count == 1, let piece = pieces.first, let present = piece.value else {
      throw problem("the document isn't there")
    }
    var changes = FieldChanges(in: piece.number, listKeys: file.listKeys)
    changes.change(present, to: value)
    guard changes.edits.count <= max(100, Self.mostBytesRead / max(1, bytes.count)) else {
      throw problem("\(changes.edits.count) fields differ, too many for a file of this size")
    }
    return try Document.edit(bytes, as: file.format, changes.edits, limits: file.limits)
  }

  private func problem(_ message: String) -> EditError {
    EditError(kind: .unsupported, path: nil, message: message, line: 1, column: 1)
  }
}
