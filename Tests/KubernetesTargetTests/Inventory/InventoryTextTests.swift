import Documents
import Kubernetes
import MooringModel
import Testing

@testable import KubernetesTarget

/// The same numbers for the same seed, on every machine (SplitMix64, Steele and others 2014).
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  init(_ seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}

@Suite("How an inventory is written down") struct InventoryTextTests {
  static func inventory(_ count: Int, seed: UInt64) -> ClusterInventory {
    var random = SeededGenerator(seed)
    let kinds = [
      ("v1", "ConfigMap"), ("apps/v1", "Deployment"), ("rbac.authorization.k8s.io/v1", "Role"), ("a.b/v1beta1", "X"),
    ]
    let items = (0..<count).map { number in
      let (version, kind) = kinds[Int.random(in: 0..<kinds.count, using: &random)]
      let name = "n\(number)" + String(repeating: "x", count: Int.random(in: 0...60, using: &random))
      let bytes = (0..<20).map { _ in UInt8.random(in: 1...255, using: &random) }
      return ClusterInventory.Item(
        reference: ObjectReference(
          GroupVersionKind(apiVersion: version, kind: kind), namespace: Bool.random(using: &random) ? "shop" : nil,
          name: Bool.random(using: &random) ? name : "system:\(name)"),
        applied: Bool.random(using: &random) ? ContentID(bytes: bytes) : nil,
        keeping: [.ordinary, .kept, .allowed][Int.random(in: 0...2, using: &random)],
        wave: [0, 0, 1, -7][Int.random(in: 0...3, using: &random)])
    }
    return ClusterInventory(items: items)
  }

  @Test(arguments: 0..<20) func whatIsWrittenIsRead(_ seed: Int) throws {
    let inventory = Self.inventory(seed * 37, seed: UInt64(seed))
    let parts = InventoryText.parts(inventory)
    let items = try parts.flatMap { try InventoryText.items($0, at: "here") }
    #expect(ClusterInventory(items: items) == inventory)
  }

  @Test func aLargeOneIsCutBetweenLines() throws {
    let inventory = Self.inventory(12_000, seed: 7)
    let parts = InventoryText.parts(inventory)
    #expect(parts.count > 1)
    #expect(parts.allSatisfy { $0.utf8.count <= InventoryText.partBytes && $0.hasSuffix("\n") })
    #expect(ClusterInventory(items: try parts.flatMap { try InventoryText.items($0, at: "here") }) == inventory)
  }

  @Test func anEmptyOneIsOnePart() {
    #expect(InventoryText.parts(ClusterInventory()) == [""])
  }

  static let zeros = String(repeating: "0", count: 40)
  static let broken = [
    "v1 ConfigMap shop/a", "v1 ConfigMap shop/a abc", "v1 ConfigMap shop/ \(zeros)", "v1 ConfigMap a/b/c \(zeros)",
    "v1 ConfigMap shop/a \(zeros) perhaps", "v1 ConfigMap shop/a \(zeros) kept more",
    "v1 ConfigMap shop/a \(zeros) wave=", "v1 ConfigMap shop/a wave=1",
    "v1 ConfigMap shop/a \(zeros) wave=1 kept", "<html>",
  ]

  @Test(arguments: broken) func aLineThatWasNeverWrittenIsNamed(_ line: String) {
    let fault = #expect(throws: Fault.self) {
      try InventoryText.items("v1 ConfigMap shop/x \(Self.zeros)\n\(line)\n", at: "here")
    }
    #expect(fault?.what.contains("line 2") == true)
  }

  @Test func beforeAReleaseIsAppliedItIsNotKnownWhatIsThere() throws {
    let digest = try #require(ContentID(hex: String(repeating: "ab", count: 20)))
    let manifest = try Release.manifest("{apiVersion: v1, kind: ConfigMap, metadata: {name: a}}")
    let other = ObjectReference(GroupVersionKind(apiVersion: "v1", kind: "Secret"), namespace: "shop", name: "b")
    let before = ClusterInventory(
      release: digest,
      items: [.init(reference: manifest.reference, applied: digest), .init(reference: other, applied: digest)])
    let expecting = before.expecting([manifest], of: digest)
    #expect(expecting.pending == digest)
    #expect(expecting.item(manifest.reference)?.applied == nil, "it may be changed, or not, when somebody looks")
    #expect(expecting.item(other)?.applied == digest)
  }
}
