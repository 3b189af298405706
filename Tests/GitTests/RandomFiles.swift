/// A set of files that changes at random, for histories that nobody would write by hand.
struct RandomFiles {
  private(set) var files: [String: [String]] = [:]
  private var generator: SeededGenerator
  private var made = 0

  init(seed: UInt64) { generator = SeededGenerator(seed: seed) }

  /// The changes of one commit, as the fixture takes them: nil deletes. Never empty.
  mutating func change() -> [String: String?] {
    var changes: [String: String?] = [:]
    for _ in 0..<Int.random(in: 1...4, using: &generator) {
      let name = files.keys.sorted().randomElement(using: &generator)
      switch (Int.random(in: 0..<10, using: &generator), name) {
      case (0, let name?) where files.count > 3 && changes[name] == nil:
        files[name] = nil
        changes[name] = .some(nil)
      case (1...6, let name?):
        edit(name)
        changes[name] = text(of: name)
      default:
        let name = newName()
        files[name] = (0..<12).map { _ in line() }
        changes[name] = text(of: name)
      }
    }
    return changes
  }

  /// Goes back to a state that was kept before, with the generator where it is now.
  mutating func restore(_ files: [String: [String]]) { self.files = files }

  private func text(of name: String) -> String {
    files[name, default: []].map { $0 + "\n" }.joined()
  }

  private mutating func newName() -> String {
    made += 1
    // Names around Git's order of folders: `a`, `a-b`, `a.b`, `a/b`, `a0`.
    let folder = ["", "a/", "a/b/", "a-b/", "a.b/", "c/"].randomElement(using: &generator) ?? ""
    let stem = ["f", "f-", "f.", "g0", "\u{e9}"].randomElement(using: &generator) ?? "f"
    return "\(folder)\(stem)\(made)"
  }

  private mutating func line() -> String {
    String(UInt32.random(in: 0...UInt32.max, using: &generator), radix: 36)
  }

  private mutating func edit(_ name: String) {
    var lines = files[name, default: []]
    let place = Int.random(in: 0...lines.count, using: &generator)
    switch Int.random(in: 0..<3, using: &generator) {
    case 0 where place < lines.count && lines.count > 4: lines.remove(at: place)
    case 1 where place < lines.count: lines[place] = line()
    default: lines.insert(line(), at: place)
    }
    files[name] = lines
  }
}
