/// The arena: the source and all nodes of all its documents, shared by every `Document` and `Node` over it.
final class DocumentStorage: Sendable {
  let source: [UInt8]
  let lines: LineIndex
  let records: [NodeRecord]
  /// Children of containers, one run each; a mapping's alternate between key and value.
  let links: [Int32]
  /// Texts that the source doesn't spell verbatim.
  let pool: [UInt8]
  let tags: [String]
  let anchors: [Int32: String]

  init(source: [UInt8], lines: LineIndex, builder: consuming ArenaBuilder) {
    self.source = source
    self.lines = lines
    records = Self.fitted(builder.records)
    links = Self.fitted(builder.links)
    pool = builder.pool
    tags = builder.tags
    anchors = builder.anchors
  }

  /// Without the room that was kept for nodes that didn't come: whoever keeps thousands of documents keeps it thousands of
  /// times.
  private static func fitted<Element>(_ array: [Element]) -> [Element] {
    array.capacity > array.count + array.count / 2 ? array.withUnsafeBufferPointer { Array($0) } : array
  }

  /// The record that an alias stands for, or the record itself.
  func resolve(_ index: Int32) -> Int32 {
    let record = records[Int(index)]
    return record.shape == .alias ? record.first : index
  }

  func withText<Result>(of index: Int32, _ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
    let record = records[Int(index)]
    let range = Int(record.first)..<Int(record.first) + Int(record.count)
    return (record.flags.contains(.pooled) ? pool : source).withUnsafeBufferPointer {
      body(UnsafeBufferPointer(rebasing: $0[range]))
    }
  }

  func text(of index: Int32) -> String {
    withText(of: index) { String(decoding: $0, as: UTF8.self) }
  }

  func children(of index: Int32) -> ArraySlice<Int32> {
    let record = records[Int(index)]
    return links[Int(record.first)..<Int(record.first) + Int(record.count)]
  }
}
