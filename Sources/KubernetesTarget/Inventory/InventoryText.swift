import Kubernetes
import MooringModel

/// An inventory as text for ConfigMaps: an object a line, so that `kubectl` shows what is in it.
///
/// ```
/// apps/v1 Deployment shop/web 5f0c… kept
/// apps/v1 Deployment shop/late 5f0c… wave=2
/// v1 Namespace shop 0000000000000000000000000000000000000000
/// ```
///
/// A line keeps its length when it becomes known what was applied: an inventory grows only by objects.
enum InventoryText {
  /// Bytes of one ConfigMap's part: etcd takes 1.5 MiB in all, and a ConfigMap 1 MiB.
  static let partBytes = 512 << 10
  private static let unknown = String(repeating: "0", count: 40)

  static func lines(_ inventory: ClusterInventory) -> [String] {
    inventory.sorted.map { item in
      let reference = item.reference
      let name = (reference.namespace.map { "\($0)/" } ?? "") + reference.name
      let applied = item.applied?.hex ?? unknown
      return "\(reference.kind.groupVersion) \(reference.kind.kind) \(name) \(applied)"
        + (item.keeping == .ordinary ? "" : " \(item.keeping)") + (item.wave == 0 ? "" : " wave=\(item.wave)")
    }
  }

  /// Whole lines, as many as fit into each part; at least one part.
  static func parts(_ inventory: ClusterInventory) -> [String] {
    var parts = [""]
    for line in lines(inventory) {
      if parts[parts.count - 1].utf8.count + line.utf8.count + 1 > partBytes { parts.append("") }
      parts[parts.count - 1] += line + "\n"
    }
    return parts
  }

  /// - Throws: `Fault` for a line that Mooring never writes: somebody has changed it, and nothing is pruned by it.
  static func items(_ text: String, at place: String) throws(Fault) -> [ClusterInventory.Item] {
    var items: [ClusterInventory.Item] = []
    for (index, line) in text.split(separator: "\n").enumerated() {
      guard let item = item(line) else {
        throw Fault(
          .target, "line \(index + 1) of the inventory can't be read", at: place,
          remedy: "put it back as it was; its old versions are in backups of the cluster")
      }
      items.append(item)
    }
    return items
  }

  private static func item(_ line: Substring) -> ClusterInventory.Item? {
    var words = line.split(separator: " ").map(String.init)
    var wave: Int? = 0
    if words.count > 4, let last = words.last, last.hasPrefix("wave=") {
      wave = Int(last.dropFirst(5))
      words.removeLast()
    }
    guard words.count == 4 || words.count == 5, let applied = ContentID(hex: words[3]), let wave else { return nil }
    guard let keeping = words.count == 5 ? ClusterInventory.Keeping(rawValue: words[4]) : .ordinary else { return nil }
    let parts = words[2].split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    guard let name = parts.last, !name.isEmpty, parts.count <= 2 else { return nil }
    return ClusterInventory.Item(
      reference: ObjectReference(
        GroupVersionKind(apiVersion: words[0], kind: words[1]), namespace: parts.count == 2 ? parts[0] : nil,
        name: name),
      applied: words[3] == unknown ? nil : applied, keeping: keeping, wave: wave)
  }
}
