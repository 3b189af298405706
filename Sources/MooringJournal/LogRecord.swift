import Git
import MooringModel

/// One durable step of the write-ahead log: objects, and the reference that moves to the last of them.
package struct LogRecord: Hashable {
  /// The bare repository, as a path below the state directory.
  var repository: String
  var reference: String
  var old: ObjectID?
  var new: ObjectID
  var objects: [RawObject]
}

/// The log's bytes: for each record its length (4 bytes, big endian), the object id that its payload would have as a
/// Git blob (20 bytes, a checksum that needs no second algorithm), and the payload.
extension LogRecord {
  static let frameBytes = 24
  /// A record is at most this long; a longer length is damage.
  static let maximumBytes = 1 << 30

  package func framed() throws -> [UInt8] {
    var payload: [UInt8] = []
    payload.append(text: repository)
    payload.append(text: reference)
    payload += (old ?? .zero).bytes
    payload += new.bytes
    payload.append(number: objects.count)
    for object in objects {
      payload.append(object.kind.code)
      payload.append(number: object.bytes.count)
      payload += object.bytes
    }
    var framed: [UInt8] = []
    framed.reserveCapacity(payload.count + Self.frameBytes)
    framed.append(number: payload.count)
    framed += try Repository.identity(ofBlob: payload).bytes
    framed += payload
    return framed
  }

  /// Reads as many whole records as there are; `valid` is where the first damaged or unfinished one begins.
  package static func parse(_ bytes: [UInt8]) throws -> (records: [LogRecord], valid: Int) {
    var records: [LogRecord] = []
    var reader = LogReader(bytes)
    var valid = 0
    while let length = reader.number(), length <= maximumBytes, let checksum = reader.take(20),
      let payload = reader.take(length)
    {
      guard try Repository.identity(ofBlob: payload).bytes == checksum, let record = LogRecord(payload: payload) else {
        break
      }
      records.append(record)
      valid = reader.position
    }
    return (records, valid)
  }

  private init?(payload: [UInt8]) {
    var reader = LogReader(payload)
    guard let repository = reader.text(), let reference = reader.text(),
      let old = reader.take(20).flatMap({ ObjectID(bytes: $0) }),
      let new = reader.take(20).flatMap({ ObjectID(bytes: $0) }), let count = reader.number()
    else { return nil }
    var objects: [RawObject] = []
    for _ in 0..<count {
      guard let kind = reader.take(1).flatMap({ ObjectKind(code: $0[0]) }), let length = reader.number(),
        let bytes = reader.take(length)
      else { return nil }
      objects.append(RawObject(kind: kind, bytes: bytes))
    }
    self.init(
      repository: repository, reference: reference, old: old == .zero ? nil : old, new: new, objects: objects)
  }
}

extension ObjectKind {
  fileprivate var code: UInt8 {
    switch self {
    case .commit: 1
    case .tree: 2
    case .blob: 3
    case .tag: 4
    }
  }

  fileprivate init?(code: UInt8) {
    switch code {
    case 1: self = .commit
    case 2: self = .tree
    case 3: self = .blob
    case 4: self = .tag
    default: return nil
    }
  }
}

extension [UInt8] {
  fileprivate mutating func append(number: Int) {
    for shift in [24, 16, 8, 0] { append(UInt8(truncatingIfNeeded: number >> shift)) }
  }

  fileprivate mutating func append(text: String) {
    append(number: text.utf8.count)
    append(contentsOf: text.utf8)
  }
}

/// Reads what `append` wrote, and never past the end.
private struct LogReader {
  private let bytes: [UInt8]
  private(set) var position = 0

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  mutating func take(_ count: Int) -> [UInt8]? {
    guard count >= 0, count <= bytes.count - position else { return nil }
    defer { position += count }
    return Array(bytes[position..<(position + count)])
  }

  mutating func number() -> Int? {
    take(4).map { $0.reduce(0) { $0 << 8 | Int($1) } }
  }

  mutating func text() -> String? {
    number().flatMap { take($0) }.flatMap { String(validating: $0, as: UTF8.self) }
  }
}
