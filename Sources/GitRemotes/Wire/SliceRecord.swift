import FoundationEssentials
import Git
import Glibc

/// How far a first fetch that is taken in slices has come, kept in the local repository until it is complete.
///
/// It is a file of our own and not Git's `shallow`, because no reference reaches what has come so far: for everybody else
/// the repository is whole.
struct SliceRecord: Hashable, Sendable {
  static let fileName = "mooring.slices"
  private static let title = "mooring slices 1"
  private static let largest = 64 << 20

  /// What has come, each with its history down to the borders.
  var tips: Set<ObjectID> = []
  /// Commits that have come without their parents.
  var borders: Set<ObjectID> = []
  var pace = SlicePace()

  init() {}

  /// What the repository remembers; nothing when that is damaged, or when what it speaks of is gone.
  init(of repository: Repository) {
    let path = repository.path + Self.fileName
    guard let size = try? FileManager.default.attributesOfItem(atPath: path)[.size] as? Int, size <= Self.largest,
      let data = try? Data(contentsOf: URL(filePath: path)), let record = SliceRecord(parsing: data),
      record.tips.union(record.borders).allSatisfy(repository.contains)
    else { return }
    self = record
  }

  private init?(parsing data: Data) {
    let lines = String(decoding: data, as: UTF8.self).split(separator: "\n")
    guard lines.first == Substring(Self.title), lines.last == "end" else { return nil }
    for line in lines.dropFirst().dropLast() {
      let words = line.split(separator: " ")
      guard words.count == 2 else { return nil }
      switch words[0] {
      case "tip": tips.formUnion(ObjectID(hex: words[1]).map { [$0] } ?? [])
      case "border": borders.formUnion(ObjectID(hex: words[1]).map { [$0] } ?? [])
      default: guard pace.read(words[0], words[1]) else { return nil }
      }
    }
  }

  /// Durable when it returns.
  func write(to repository: Repository) throws(GitError) {
    let operation = "remember how far a fetch has come"
    var text = "\(Self.title)\n\(pace.lines)"
    for tip in tips.sorted() { text += "tip \(tip)\n" }
    for border in borders.sorted() { text += "border \(border)\n" }
    text += "end\n"
    let path = repository.path + Self.fileName
    let bytes = Array(text.utf8)
    let descriptor = open(path + ".new", O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    try Self.require(descriptor >= 0, operation)
    let isWritten = Self.write(bytes, to: descriptor) && fdatasync(descriptor) == 0
    close(descriptor)
    try Self.require(isWritten && rename(path + ".new", path) == 0, operation)
    let folder = open(repository.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    try Self.require(folder >= 0, operation)
    defer { close(folder) }
    try Self.require(fsync(folder) == 0, operation)
  }

  static func remove(from repository: Repository) {
    unlink(repository.path + fileName)
  }

  private static func write(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
    var sent = 0
    while sent < bytes.count {
      let count = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress?.advanced(by: sent), $0.count - sent) }
      guard count > 0 else { return false }
      sent += count
    }
    return true
  }

  private static func require(_ success: Bool, _ operation: String) throws(GitError) {
    guard !success else { return }
    throw GitError(.unreadable, String(cString: strerror(errno)), operation: operation)
  }
}
