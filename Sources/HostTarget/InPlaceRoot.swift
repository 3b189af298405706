import Glibc
import MooringModel

/// An open root in the `inPlace` layout with the store of one environment, for as long as a step works on it.
struct InPlaceRoot: ~Copyable {
  let folder: Folder
  let store: InPlaceStore
  let environment: EnvironmentName

  init(_ options: HostTargetOptions, of environment: EnvironmentName) throws(Fault) {
    guard let folder = try Folder.root(options.root, making: true) else {
      throw Fault(.target, "the target's root is missing", at: options.root, remedy: "make the folder")
    }
    store = try InPlaceStore(of: environment, in: folder)
    self.folder = folder
    self.environment = environment
  }

  /// What this environment put there; `nil` before its first deployment.
  borrowing func inventory() throws(Fault) -> InPlaceInventory? {
    try InPlaceStore.readInventory(InPlaceStore.inventory, in: store.folder)
  }

  /// Compares the root with a release.
  borrowing func survey(
    _ tree: InPlaceTree, of contents: any ReleaseContents, options: HostTargetOptions, _ plan: Plan
  ) throws -> InPlaceChanges {
    try refuseOverlap(of: tree)
    var survey = InPlaceSurvey(contents: contents, options: options, overwrites: plan.overwrites, own: plan.own)
    try survey.compare(folder, with: tree.top, managed: InPlaceBranch(try inventory()?.items ?? []))
    if let fault = survey.result.problems.fault(at: folder.place) { throw fault }
    return survey.result
  }

  /// Environments may share a root, and no path in it.
  private borrowing func refuseOverlap(of tree: InPlaceTree) throws(Fault) {
    let all = try folder.folder(InPlaceStore.folderName)
    let ours = tree.branch
    for name in try all.names() where name != FileName(environment.string) {
      guard try all.entry(name)?.kind == .folder else { continue }
      let theirs = try all.folder(name)
      for record in [InPlaceStore.inventory, InPlaceStore.nextInventory] {
        guard let inventory = try InPlaceStore.readInventory(record, in: theirs),
          let path = ours.overlap(with: InPlaceBranch(inventory.items))
        else { continue }
        throw Fault(
          .target, "the environment \(name) has put a file there, and one path can't belong to two",
          at: path.reduce(folder.place) { "\($0)/\($1)" },
          remedy: "let one of them leave it out, or give it another root")
      }
    }
  }
}
