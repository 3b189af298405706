import Documents
import Kubernetes
import MooringModel

/// Why the server refused an object, for a person.
struct RefusedObject {
  let manifest: Manifest
  let error: KubernetesError

  init(_ manifest: Manifest, _ error: KubernetesError) {
    self.manifest = manifest
    self.error = error
  }

  var fault: Fault {
    if let conflict { return conflict }
    var fault = Fault(error, at: manifest.origin.description)
    if error.isAboutImmutable {
      fault.remedy =
        "Kubernetes doesn't let this field change: give the object another name, or annotate it with "
        + "`mooring.dev/replace: \"true\"` to have it deleted and made again"
    } else if isMistyped {
      fault.code = .refusedContent
      fault.remedy = "correct it in the repository"
    } else if let remedy {
      fault.remedy = remedy
    }
    return fault
  }

  /// A field of a type that its kind doesn't have there: what is applied is answered like a failure of the server's.
  private var isMistyped: Bool {
    error.code == .serverFailure && error.message.contains("failed to create typed patch")
  }

  private var remedy: String? {
    switch error.code {
    case .forbidden where error.message.contains("being terminated"):
      "its namespace is being deleted: wait, or see which finalizers hold that up"
    case .forbidden: "give the account of Mooring the rights that the environment needs"
    case .invalid: "correct it in the repository"
    case .notFound: "put the namespace into the release, or make it by hand"
    case .serverFailure where error.message.contains("etcdserver: request is too large"), .tooLarge:
      "divide it in several objects"
    case .serverFailure where error.message.contains("failed calling webhook"):
      "see whether the admission webhook's service runs"
    default: nil
    }
  }

  private var conflict: Fault? {
    let conflicts = error.fieldConflicts
    guard !conflicts.isEmpty else { return nil }
    if let owner = conflicts.first(where: \.isAboutOwner) {
      return Fault(
        .conflict,
        "\(manifest.name) belongs to another environment: its label \(ManagedObject.label) is set by "
          + owner.manager, at: manifest.origin.description, remedy: "remove it from one of the two environments")
    }
    let root = try? manifest.root
    let managers = Set(conflicts.map(\.manager)).sorted().joined(separator: ", ")
    let fields = conflicts.prefix(5).map { conflict in
      "\(root.flatMap { conflict.path(in: $0) }?.description ?? conflict.field) is set by \(conflict.manager)"
    }
    let more = conflicts.count > 5 ? ", and \(conflicts.count - 5) more" : ""
    return Fault(
      .conflict, "\(manifest.name): \(fields.joined(separator: ", "))\(more)", at: manifest.origin.description,
      remedy:
        "leave the field out of the manifest, or take it over: with `onConflict: force`, or where the object moves"
        + " over from another tool with `takeOverFrom: [\(managers)]`")
  }
}
