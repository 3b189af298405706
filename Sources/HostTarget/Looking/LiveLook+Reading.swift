import Dispatch
import Glibc
import MooringModel

extension LiveLook {
  /// Reading takes two threads where there is this much of it in a folder.
  private static let worthwhile = (files: 16, bytes: 1 << 20)

  /// Reads files whose stamps say nothing, and notes those that aren't as they should be.
  mutating func settle(_ unsure: [Unsure], in folder: Int32) throws {
    guard !unsure.isEmpty else { return }
    for (file, sighting) in zip(unsure, try sightings(of: unsure, in: folder)) {
      guard let sighting else {
        noteMissing(file.index, since: Self.changed(folder))
        compared -= 1
        continue
      }
      learn(sighting, of: file.index)
      judge(sighting, of: file.index)
    }
  }

  private mutating func judge(_ sighting: Sighting, of index: Int) {
    let record = baseline.records[index]
    let stamp = sighting.stamp
    let hasRightAttributes =
      stamp.isFile
      && stamp.permissions == record.mode && stamp.owner == record.owner && stamp.group == record.group
    if record.kind == Baseline.Record.file, hasRightAttributes, sighting.problem != nil,
      stamp.size <= subject.reader.limit,
      record.size < 0 || record.size == stamp.size
    {
      // It may be as it should be, or not.
      unseen[object(index)] = sighting.problem
      return
    }
    let isRight =
      sighting.content == record.content.id && (record.kind == Baseline.Record.link ? stamp.isLink : hasRightAttributes)
    if !isRight { note(index, sighting) }
  }

  /// Remembers what was read, where a later change is sure to show.
  private mutating func learn(_ sighting: Sighting, of index: Int) {
    let isRight = sighting.content != nil && sighting.content == baseline.records[index].content.id
    if isRight && sighting.stamp.isFile { baseline.records[index].size = sighting.stamp.size }
    let isKnown = sighting.content != nil && sighting.isSettled && sighting.stamp.isConclusive(at: sighting.moment)
    if isKnown || baseline.records[index].has(Baseline.Record.isKnown) { hasLearned = true }
    baseline.records[index].set(Baseline.Record.isKnown, isKnown)
    guard isKnown else { return }
    baseline.records[index].stamp = sighting.stamp
    baseline.records[index].found = Baseline.Content(sighting.content)
  }

  private func sightings(of unsure: [Unsure], in folder: Int32) throws -> [Sighting?] {
    let bytes = unsure.reduce(0) { $0 &+ ($1.stamp.isFile ? $1.stamp.size : 0) }
    if unsure.count < 2 || (unsure.count < Self.worthwhile.files && bytes < Self.worthwhile.bytes) {
      return try unsure.map { try sighting(of: $0, in: folder) }
    }
    var results = [Result<Sighting?, any Error>](repeating: .success(nil), count: unsure.count)
    results.withUnsafeMutableBufferPointer { buffer in
      // Each thread writes places of its own, and the buffer outlives both.
      nonisolated(unsafe) let places = buffer
      nonisolated(unsafe) let look = self
      DispatchQueue.concurrentPerform(iterations: 2) { half in
        for place in stride(from: half, to: unsure.count, by: 2) {
          places[place] = Result { try look.sighting(of: unsure[place], in: folder) }
        }
      }
    }
    return try results.map { try $0.get() }
  }

  private func sighting(of file: Unsure, in folder: Int32) throws -> Sighting? {
    let record = baseline.records[file.index]
    let expected = record.content.id
    return try withName(of: file.index) { name in
      Result { try subject.reader.sight(name, in: folder, seen: file.stamp, expecting: expected, size: record.size) }
    }.get()
  }
}
