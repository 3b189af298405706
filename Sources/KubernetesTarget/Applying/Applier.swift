import Documents
import Kubernetes
import MooringModel

/// Applies manifests, a bounded number at a time.
struct Applier: Sendable {
  /// Requests under way at once: more make the server slower, not faster.
  static let atOnce = 8

  let client: APIClient
  let manager: String
  let environment: String
  let force: Bool

  /// - Throws: `Fault` of the first object that the server refuses; others of the same stage may be applied by then.
  func apply(_ manifests: [Manifest]) async throws {
    try await each(manifests) { try await self.apply($0, isDryRun: false) }
  }

  /// Asks the server what it would say, and changes nothing.
  ///
  /// - Throws: `Fault` of the first object that it would refuse.
  func check(_ manifests: [Manifest]) async throws {
    try await each(manifests) { try await self.apply($0, isDryRun: true) }
  }

  /// Deletes objects where they are there, and makes them anew.
  func replace(_ manifests: [Manifest]) async throws {
    try await each(manifests) { manifest in
      do {
        try await self.deleteWhole(manifest.reference)
        try await self.apply(manifest, isDryRun: false)
      } catch let error as KubernetesError {
        throw RefusedObject(manifest, error).fault
      }
    }
  }

  private func each(_ manifests: [Manifest], _ body: @escaping @Sendable (Manifest) async throws -> Void) async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
      for (index, manifest) in manifests.enumerated() {
        if index >= Self.atOnce { try await group.next() }
        group.addTask { try await body(manifest) }
      }
      try await group.waitForAll()
    }
  }

  private func apply(_ manifest: Manifest, isDryRun: Bool) async throws {
    do {
      try await send(manifest, isDryRun: isDryRun)
    } catch {
      guard manifest.wishes.isReplaced, error.isAboutImmutable else { throw RefusedObject(manifest, error).fault }
      // What it would be instead is judged when it is made.
      if isDryRun { return }
      do {
        try await deleteWhole(manifest.reference)
        try await send(manifest, isDryRun: false)
      } catch let error as KubernetesError {
        throw RefusedObject(manifest, error).fault
      }
    }
  }

  private func send(_ manifest: Manifest, isDryRun: Bool) async throws(KubernetesError) {
    let body = try ApplyBody.json(manifest, environment: environment)
    let options = WriteOptions(
      fieldManager: manager, force: force, isDryRun: isDryRun, fieldValidation: isDryRun ? .strict : nil)
    guard manifest.wishes.isOnlyMade else {
      _ = try await client.apply(body, to: manifest.reference, options)
      return
    }
    do { _ = try await client.create(body, as: manifest.reference, options) } catch {
      if error.code != .alreadyExists { throw error }
    }
  }

  /// Deletes an object with what it owns, and waits until it is gone.
  private func deleteWhole(_ reference: ObjectReference) async throws {
    do {
      try await client.delete(reference, DeleteOptions(propagation: .foreground))
    } catch {
      if error.code == .notFound { return }
      throw error
    }
    let end = ContinuousClock.now + .seconds(120)
    while ContinuousClock.now < end {
      do { _ = try await client.get(reference) } catch {
        if error.code == .notFound { return }
        throw error
      }
      try await Task.sleep(for: .milliseconds(100))
    }
    throw Fault(
      .timeout, "\(ObjectName(reference)) is not gone after 120 s: finalizers hold it back", at: "\(reference)",
      remedy: "look at its `metadata.finalizers`, and at the controller that should remove them")
  }
}

/// Why the server refused an object, for a person.
struct RefusedObject {
  let manifest: Manifest
  let error: KubernetesError

  init(_ manifest: Manifest, _ error: KubernetesError) {
    self.manifest = manifest
    self.error = error
  }

  var fault: Fault {
    if let conflict = conflict { return conflict }
    var fault = Fault(error, at: manifest.origin.description)
    if error.isAboutImmutable {
      fault.remedy =
        "Kubernetes doesn't let this field change: give the object another name, or annotate it with `mooring.dev/replace: \"true\"` to have it deleted and made again"
    } else if error.code == .forbidden {
      fault.remedy = "`mooring rbac` prints the rights that the environment needs"
    } else if error.code == .invalid {
      fault.remedy = "correct it in the repository"
    }
    return fault
  }

  private var conflict: Fault? {
    let conflicts = error.fieldConflicts
    guard !conflicts.isEmpty else { return nil }
    let fields = conflicts.prefix(5).map { conflict in
      "\(conflict.path(in: manifest.root)?.description ?? conflict.field) is set by \(conflict.manager)"
    }
    let owner = conflicts.first { $0.field.contains(ManagedObject.label) }
    if let owner {
      return Fault(
        .conflict, "\(manifest.name) belongs to another environment, \(owner.manager)", at: manifest.origin.description,
        remedy: "remove it from one of the two environments")
    }
    let more = conflicts.count > 5 ? ", and \(conflicts.count - 5) more" : ""
    return Fault(
      .conflict, "\(manifest.name): \(fields.joined(separator: ", "))\(more)", at: manifest.origin.description,
      remedy: "leave the field out of the manifest, or take it over with `onConflict: force`")
  }
}

extension KubernetesError {
  /// Whether a field can't be changed once the object is made (422 with causes that say so).
  var isAboutImmutable: Bool {
    guard code == .invalid else { return false }
    return message.contains("immutable") || message.contains("updates to statefulset spec")
      || status?.causes.contains { $0.message.contains("immutable") } ?? false
  }
}
