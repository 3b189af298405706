import Git
import MooringModel

/// Turns a revision's inputs into the files of a release.
protocol Renderer: Sendable {
  /// The program that it runs, with its version; `nil` where there is none.
  ///
  /// - Throws: `Fault`, where the program isn't to be had.
  var program: String? { get async throws }

  /// Renders the inputs that a definition names in a commit's tree.
  ///
  /// - Parameter trusted: A rendered tree that passed before; what it shares with the new one need not be checked again.
  /// - Throws: What is wrong with this machine and not with the inputs: a program that is missing, a full disk.
  func render(_ tree: ObjectID, _ definition: Definition, trusting trusted: ObjectID?) async throws -> Rendering
}

/// What rendering made: a tree, with those of its objects that have to be kept with it, or why there is none.
enum Rendering {
  case rendered(ObjectID, objects: [RawObject])
  case refused(Fault)
}
