import Kubernetes
import MooringModel

/// What Mooring has put into a cluster for an environment, and so what pruning may remove.
struct ClusterInventory: Sendable, Hashable {
  struct Item: Sendable, Hashable {
    var reference: ObjectReference
    /// Of the manifest as it was applied last; `nil` while it isn't known that it was.
    var applied: ContentID?
    var keeping = Keeping.ordinary
    /// What goes later goes first when it is deleted.
    var wave = 0

    var identity: Identity { Identity(reference) }
  }

  /// What an object's annotations say of its deletion.
  enum Keeping: String, Sendable, Hashable {
    case ordinary
    /// It stays when a release no longer has it.
    case kept
    /// It goes then, though it is of a kind that holds others or data.
    case allowed
  }

  /// The release that was applied last, whole.
  var release: ReleaseDigest?
  /// The release that is being applied.
  var pending: ReleaseDigest?
  private(set) var items: [Identity: Item] = [:]

  init(release: ReleaseDigest? = nil, pending: ReleaseDigest? = nil, items: [Item] = []) {
    self.release = release
    self.pending = pending
    for item in items { self.items[item.identity] = item }
  }

  /// In the order of kinds and names.
  var sorted: [Item] { items.values.sorted { $0.reference.description < $1.reference.description } }

  func item(_ reference: ObjectReference) -> Item? { items[Identity(reference)] }

  mutating func put(_ item: Item) { items[item.identity] = item }

  mutating func remove(_ reference: ObjectReference) { items[Identity(reference)] = nil }

  /// Before a release is applied: all that may come to be there is on record already, and of what is about to be changed
  /// it isn't known any more how it is.
  func expecting(_ manifests: [Manifest], of release: ReleaseDigest) -> ClusterInventory {
    var next = self
    next.pending = release
    for manifest in manifests {
      next.put(
        Item(
          reference: manifest.reference, applied: nil, keeping: manifest.wishes.keeping, wave: manifest.wishes.wave))
    }
    return next
  }
}
