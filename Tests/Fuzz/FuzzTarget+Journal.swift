import Git
import MooringJournal
import MooringModel

extension FuzzTarget {
  static let journal: [FuzzTarget] = [
    FuzzTarget(name: "event", seeds: EventSeeds.all, words: words) { bytes in
      let event = try JournalCommit.event(decoding: bytes, of: .zero)
      _ = EventMessage(event).commitMessage
      let written = try JournalCommit.encode(event)
      let again = try? JournalCommit.event(decoding: written, of: .zero)
      hold(again == event, "an event doesn't read back: \(String(decoding: written, as: UTF8.self))")
    },
    FuzzTarget(name: "replay", seeds: [EventSeeds.all.map { $0 + "\0" }.joined()], words: words + ["\0"]) { bytes in
      // What many lines say together: a journal that somebody wrote by hand.
      let parts = bytes.split(separator: 0).prefix(50)
      let events = parts.compactMap { try? JournalCommit.event(decoding: Array($0), of: .zero) }
      _ = EnvironmentState(replaying: events)
    },
    FuzzTarget(name: "log-record", seeds: logRecords, words: ["\0\0\0\u{14}", "refs/", "\u{1}"]) { bytes in
      let (records, valid) = try LogRecord.parse(bytes)
      hold(valid <= bytes.count, "more is valid than there is")
      try hold(try records.flatMap { try $0.framed() } == Array(bytes[..<valid]), "a record doesn't read back")
      // A checksum stands before each payload: without a right one nothing behind it would be reached.
      _ = try LogRecord.parse(frame(bytes))
    },
    FuzzTarget(
      name: "timestamp", seeds: ["2026-11-23T11:42:09.123Z", "1970-01-01T00:00:00+01:00"],
      words: ["Z", "+", "T", "9999"]
    ) { bytes in
      guard let time = Timestamp(parsing: String(decoding: bytes, as: UTF8.self)) else { return }
      hold(Timestamp(parsing: time.description) == time, "a time doesn't read back: \(time.milliseconds)")
    },
  ]

  private static func frame(_ payload: [UInt8]) throws -> [UInt8] {
    let length = (0..<4).map { UInt8(truncatingIfNeeded: payload.count >> (24 - 8 * $0)) }
    return try length + Repository.identity(ofBlob: payload).bytes + payload
  }

  private static let logRecords: [String] = {
    let name = "repositories/config.git"
    let reference = "refs/mooring/journal/a"
    let ids = String(repeating: "\u{1}", count: 40)
    let payload = "\0\0\0\u{17}\(name)\0\0\0\u{16}\(reference)\(ids)\0\0\0\u{1}\u{3}\0\0\0\u{2}ab"
    let framed = (try? frame(Array(payload.utf8))) ?? []
    return [payload, String(validating: framed, as: UTF8.self)].compactMap { $0 }
  }()

  private static let words = [
    "\"schema\"", "\"kind\"", "\"payload\"", "deployment.started", "rollback.started", "revert.owed", "quarantine",
    "history-rewritten", "takeover", "hold", "note", "release", "catalogue", "9223372036854775807", "-1", "null",
    "\"9999-12-31T23:59:59Z\"", "v0", "v9223372036854775807",
  ]
}
