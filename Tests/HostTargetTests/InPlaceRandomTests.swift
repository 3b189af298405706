import FoundationEssentials
import Glibc
import HostTarget
import MooringModel
import MooringTestSupport
import Testing

@Suite("Random releases in a root")
struct InPlaceRandomTests {
  @Test("from any tree to any other, and back, with others' files untouched", arguments: 0..<8)
  func anyToAny(_ seed: UInt64) async throws {
    var generator = Dice(state: seed)
    let host = try InPlaceHost()
    try host.folder.write("theirs", to: "etc/theirs/file")
    var trees: [[String: StaticContents.Entry]] = []
    for _ in 0..<12 {
      var tree: [String: StaticContents.Entry] = [:]
      fill(&tree, below: "", depth: 0, &generator)
      trees.append(tree)
    }
    for tree in trees + trees.reversed() {
      let contents = try StaticContents(tree.isEmpty ? ["only": "x"] : tree)
      try await host.deploy(contents)
      var wanted = ["theirs": "folder", "theirs/file": "644 theirs"]
      for (path, entry) in tree.isEmpty ? ["only": "x"] : tree {
        wanted[path] = Self.describe(entry)
        for end in path.indices where path[end] == "/" { wanted[String(path[..<end])] = "folder" }
      }
      #expect(try host.everything() == wanted)
    }
  }

  private func fill(
    _ tree: inout [String: StaticContents.Entry], below path: String, depth: Int, _ dice: inout Dice
  ) {
    for name in ["a", "b\n", "c"] {
      switch dice.next() % 6 {
      case 0: tree[path + name] = .text("\(dice.next() % 3)")
      case 1: tree[path + name] = .script("\(dice.next() % 3)")
      case 2: tree[path + name] = .link(["x", "y/z"][Int(dice.next() % 2)])
      case 3, 4: if depth < 3 { fill(&tree, below: path + name + "/", depth: depth + 1, &dice) }
      default: break
      }
    }
  }

  private static func describe(_ entry: StaticContents.Entry) -> String {
    switch entry {
    case .file(let bytes): "644 " + String(decoding: bytes, as: UTF8.self)
    case .executable(let bytes): "755 " + String(decoding: bytes, as: UTF8.self)
    case .link(let target): "→ " + target
    }
  }

  /// SplitMix64, so that a seed means the same everywhere.
  private struct Dice {
    var state: UInt64

    mutating func next() -> UInt64 {
      state &+= 0x9E37_79B9_7F4A_7C15
      var mixed = state
      mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
      mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
      return mixed ^ (mixed >> 31)
    }
  }
}
