import Foundation
import MooringTestSupport
import Testing

/// A machine that has a namespace of a cluster as its production, and may have several state directories: replicas.
struct ClusterSite {
  let machine: Machine
  let plane: ControlPlane
  let namespace: String

  /// - Parameters:
  ///   - files: Of the first commit, below `app/`.
  ///   - plane: The one that all tests share, where it is `nil`.
  init(
    _ files: [String: String?], on plane: ControlPlane? = nil, target: [String] = ["readyWithin: 30s"],
    environment: [String] = []
  ) async throws {
    self.plane = if let plane { plane } else { try await ControlPlane.shared }
    namespace = try await self.plane.freshNamespace("shop")
    machine = try Machine(files)
    try configure(target: target, environment: environment)
  }

  /// Writes the configuration anew.
  func configure(
    kubeconfig: String? = nil, target: [String] = ["readyWithin: 30s"], environment: [String] = [],
    others: String = "", journal: String = "{ push: true }"
  ) throws {
    try machine.configure(
      kubernetes: ["kubeconfig: \(kubeconfig ?? plane.kubeconfig)", "namespace: \(namespace)"] + target,
      environment: environment, others: others, journal: journal)
  }

  @discardableResult
  func kubectl(_ arguments: String..., input: String = "") async throws -> String {
    try await kubectl(arguments, input: input)
  }

  @discardableResult
  func kubectl(_ arguments: [String], input: String = "") async throws -> String {
    try await plane.kubectl(["--namespace", namespace] + arguments, input: input)
      .trimmingCharacters(in: .whitespacesAndNewlines)
  }

  func live(_ object: String, _ field: String) async throws -> String {
    try await kubectl("get", object, "--ignore-not-found", "--output", "jsonpath={\(field)}")
  }

  /// Who holds an environment's Lease; empty where nobody does.
  func holder(_ environment: String = "production") async throws -> String {
    try await live("lease/mooring-\(environment)", ".spec.holderIdentity")
  }

  /// The name of a state directory in Leases and journals.
  func identity(_ state: String) throws -> String {
    let text = try String(contentsOfFile: state + "/identity", encoding: .utf8)
    return text.split(whereSeparator: \.isWhitespace).last.map(String.init) ?? ""
  }

  /// The ConfigMap `settings` with one value.
  static func map(_ value: String, _ name: String = "settings") -> String {
    "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: \(name)}\ndata:\n  size: \"\(value)\"\n"
  }
}
