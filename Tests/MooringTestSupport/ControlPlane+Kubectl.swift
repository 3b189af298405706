import Processes
import Synchronization

extension ControlPlane {
  /// Runs kubectl as a cluster administrator and returns what it prints on standard output.
  ///
  /// - Parameter input: What it reads, for `-f -`.
  /// - Throws: ``ToolFailure`` with what it said on standard error.
  @discardableResult
  public func kubectl(_ arguments: String..., input: String = "") async throws -> String {
    try await kubectl(arguments, input: input)
  }

  @discardableResult
  public func kubectl(_ arguments: [String], input: String = "") async throws -> String {
    let program = Program(["kubectl"] + arguments, environment: environment, timeLimit: .seconds(120))
    let lines = LineCollector()
    let outcome = try await run(program, input: Array(input.utf8)) { lines.append($0) }
    guard outcome.succeeded else {
      throw ToolFailure(what: "kubectl \(arguments.joined(separator: " "))", output: outcome.output)
    }
    return lines.text
  }

  /// What a program needs to speak to this control plane, with the `kubectl` and `helm` that tests use first in its `PATH`.
  public var environment: [String: String] {
    var environment = Program.scrubbed(adding: [
      "KUBECONFIG": kubeconfig,
      // What was discovered of another server, which had the same port, would be believed otherwise.
      "KUBECACHEDIR": folder["kubectl-cache"],
    ])
    environment["PATH", default: ""] = clients + ":" + (environment["PATH"] ?? "")
    return environment
  }

  /// The folder of the `kubectl` and `helm` that tests use.
  public static func clients() async throws -> String {
    try await call("path").split(separator: "\n").map(String.init).first ?? ""
  }

  /// Makes a namespace that no other test has, in which pods can be made.
  public func freshNamespace(_ name: String = "test") async throws -> String {
    let number = namespaces.withLock { count in
      count += 1
      return count
    }
    let namespace = "\(name)-\(number)"
    try await kubectl("create", "namespace", namespace)
    if hasControllers {
      let account = ["serviceaccount/default", "--namespace", namespace, "--timeout", "60s"]
      try await kubectl(["wait", "--for=create"] + account)
      try await kubectl(["wait", "--for=jsonpath={.secrets[0].name}"] + account)
    }
    return namespace
  }

  /// Kills the API server and starts it again, on the same port and the same etcd; returns when it is ready.
  public func restartAPIServer() async throws {
    try await Self.call("restart-apiserver", folder.path)
  }

  @discardableResult
  private static func call(_ arguments: String...) async throws -> String {
    let outcome = try await run(Program([script] + arguments, timeLimit: .seconds(120)))
    guard outcome.succeeded else { throw ToolFailure(what: script, output: outcome.output) }
    return outcome.output
  }
}
