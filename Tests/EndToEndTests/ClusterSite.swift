import Foundation
import MooringTestSupport

/// A machine that has a namespace of a cluster as its production.
struct ClusterSite {
  let machine: Machine
  let plane: ControlPlane
  let namespace: String

  init(
    _ files: [String: String?], target: [String] = ["readyWithin: 30s"], environment: [String] = []
  ) async throws {
    plane = try await ControlPlane.shared
    namespace = try await plane.freshNamespace("shop")
    machine = try Machine(files)
    try machine.configure(
      kubernetes: ["kubeconfig: \(plane.kubeconfig)", "namespace: \(namespace)"] + target, environment: environment)
  }

  @discardableResult
  func kubectl(_ arguments: String...) async throws -> String {
    try await plane.kubectl(["--namespace", namespace] + arguments).trimmingCharacters(in: .whitespacesAndNewlines)
  }

  func live(_ object: String, _ field: String) async throws -> String {
    try await kubectl("get", object, "--ignore-not-found", "--output", "jsonpath={\(field)}")
  }
}
