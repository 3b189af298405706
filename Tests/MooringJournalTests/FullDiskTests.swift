import Foundation
import Glibc
import MooringModel
import Testing

@testable import MooringJournal

/// A file system of 2 MiB in memory, unmounted with the last reference to it.
private final class SmallDisk: Sendable {
  let path: String

  /// `nil` where mounting isn't permitted.
  init?() {
    var template = Array("/tmp/mooring-full.XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { return nil }
    path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    guard mount("tmpfs", path, "tmpfs", 0, "size=2m") == 0 else {
      rmdir(path)
      return nil
    }
  }

  deinit {
    umount2(path, 2)  // MNT_DETACH
    rmdir(path)
  }

  static let isPermitted = SmallDisk() != nil

  func fill(leaving rest: Int) throws {
    var status = statvfs()
    guard statvfs(path, &status) == 0 else { throw CocoaError(.fileReadUnknown) }
    let free = Int(status.f_bavail) * Int(status.f_frsize)
    try Data(count: max(0, free - rest)).write(to: URL(filePath: path + "/filler"))
  }

  func clear() throws { try FileManager.default.removeItem(atPath: path + "/filler") }
}

@Suite("On a full disk") struct FullDiskTests {
  @Test(
    "an append fails with a reason and leaves nothing half done, and a later one works",
    .enabled(if: SmallDisk.isPermitted, "mounting a small file system isn't permitted here"),
    arguments: [0, 4096, 16384, 65536])
  func anAppendFails(rest: Int) async throws {
    let disk = try #require(SmallDisk())
    let state = try StateFolder(at: disk.path)
    let journal = try await state.journal()
    try await journal.append(notes: "one", in: state)
    try disk.fill(leaving: rest)
    var head = try journal.head(of: production, in: state.repository)
    let long = String(repeating: "x", count: 100_000)
    await #expect(throws: Fault.self) {
      for _ in 0..<20 { head = try await journal.append([note(long)], to: head, of: production, in: state.repository) }
    }
    try disk.clear()
    try await journal.append(notes: "after", in: state)
    let notes = try journal.notes(in: state)
    #expect(notes.first == "one" && notes.last == "after" && notes.dropFirst().dropLast().allSatisfy { $0 == long })
    #expect(try state.complaints() == [])
  }
}
