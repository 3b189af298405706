import FoundationEssentials
import Git
import GitRemotes

/// Two commits, the second on the first and with nothing of its tree, and the packs in which a remote may send them.
struct FetchFixture: Sendable {
  /// The first and the second.
  let commits: [ObjectID]
  /// What each needs, itself too.
  let needs: [ObjectID: Set<ObjectID>]
  /// By the line of a script that stands for it.
  let packs: [[UInt8]: [UInt8]]

  static let shared: FetchFixture = {
    do {
      return try withRepository { try FetchFixture(in: $0) }
    } catch { fatalError("no repository to fetch from: \(error)") }
  }()

  private init(in repository: Repository) throws {
    let person = Signature(name: "Ann", email: "ann@example.com", seconds: 1)
    var commits: [ObjectID] = []
    var needs: [ObjectID: Set<ObjectID>] = [:]
    for content in ["one", "two"] {
      let blob = try repository.writeBlob(Array(content.utf8))
      let tree = try repository.writeTree([TreeEntry(name: "a", mode: .regular, id: blob)])
      let id = try repository.createCommit(
        tree: tree, parents: commits, author: person, committer: person, message: content)
      needs[id] = Set([blob, tree, id]).union(commits.last.flatMap { needs[$0] } ?? [])
      commits.append(id)
    }
    func pack(_ want: ObjectID, _ haves: [ObjectID]) throws -> [UInt8] {
      let pack = try OutgoingPack(from: repository, wants: [want], haves: haves)
      var bytes: [UInt8] = []
      while let more = try pack.bytes(from: bytes.count) { bytes += more }
      return bytes
    }
    self.commits = commits
    self.needs = needs
    packs = [
      Array("%whole".utf8): try pack(commits[1], []), Array("%below".utf8): try pack(commits[0], []),
      Array("%top".utf8): try pack(commits[1], [commits[0]]),
    ]
  }

  /// A repository that lasts as long as the body does.
  static func withRepository<T>(_ body: (Repository) throws -> T) throws -> T {
    let files = FileManager.default
    let memory = "/dev/shm"
    let parent = files.fileExists(atPath: memory) ? memory : files.temporaryDirectory.path
    let folder = "\(parent)/mooring-fuzz-\(UUID().uuidString)"
    defer { try? files.removeItem(atPath: folder) }
    return try body(.create(bareAt: folder))
  }

  /// The bytes of each answer: `@A` and `@B` are the commits' ids, `%…` the packs, side by side with progress after `%`,
  /// and as they are after `&`.
  func answers(_ script: [UInt8]) -> (answers: [[UInt8]], isStateless: Bool) {
    let isStateless = script.first != UInt8(ascii: "!")
    let text = script.drop { $0 == UInt8(ascii: "!") }
    let answers = PacketScript(named(text)).answers.map { answer in
      answer.flatMap { packet -> [UInt8] in
        guard case .data(let line) = packet, let first = line.first else { return packet.encoded }
        if first == UInt8(ascii: "%"), let pack = packs[line.dropLast()] { return parallel(pack).encoded }
        if first == UInt8(ascii: "&"), let pack = packs[[UInt8(ascii: "%")] + line.dropFirst().dropLast()] {
          return pack
        }
        return packet.encoded
      }
    }
    return (answers, isStateless)
  }

  private func parallel(_ pack: [UInt8]) -> [Packet] {
    let middle = pack.count / 2
    return [.data([1] + pack[..<middle]), .data([2] + Array("progress\r".utf8)), .data([1] + pack[middle...])]
  }

  private func named(_ script: ArraySlice<UInt8>) -> [UInt8] {
    var result: [UInt8] = []
    var rest = script
    while let byte = rest.popFirst() {
      guard byte == UInt8(ascii: "@"), let next = rest.first, next == 65 || next == 66 else {
        result.append(byte)
        continue
      }
      rest.removeFirst()
      result += Array(commits[Int(next) - 65].hex.utf8)
    }
    return result
  }
}
