import FoundationEssentials
import Processes
import Synchronization

/// A program that a kubeconfig names to get credentials (kubernetes.io, "client-go credential plugins"). It is made only
/// where the operator allows it.
struct ExecPlugin: Sendable {
  static let versions = ["client.authentication.k8s.io/v1", "client.authentication.k8s.io/v1beta1"]
  static let maximumOutput = 1 << 20

  let command: String
  let arguments: [Secret]
  let environment: [String: Secret]
  let apiVersion: String
  /// What the program is told of the cluster, as JSON, where the kubeconfig wants that.
  let cluster: JSONBody?
  let timeLimit: Duration

  /// Runs the program.
  ///
  /// - Throws: `unauthorized` where it fails. What it prints may be a secret, and isn't in the error.
  func credential() async throws(KubernetesError) -> ExecCredential {
    let output = Mutex<[UInt8]>([])
    let outcome: ProgramOutcome
    do {
      outcome = try await run(program, input: []) { line in
        output.withLock { if $0.count <= Self.maximumOutput { $0 += Array(line.utf8) + [0x0A] } }
      }
    } catch is CancellationError {
      throw KubernetesError(.cancelled, "the task was cancelled")
    } catch {
      throw KubernetesError(.configuration, "the credential plugin can't be started: \(error)")
    }
    guard outcome.succeeded else { throw failure(outcome.termination) }
    let bytes = output.withLock { $0 }
    guard bytes.count <= Self.maximumOutput else {
      throw KubernetesError(.tooLarge, "the credential plugin \(name) printed more than \(Self.maximumOutput) bytes")
    }
    return try ExecCredential(bytes, apiVersion: apiVersion, plugin: name)
  }

  private var name: String { PlainText.quoted(command) }

  private var program: Program {
    var own = environment.mapValues(\.text)
    let spec = cluster.map { #","cluster":\#(String(decoding: $0.bytes, as: UTF8.self))"# } ?? ""
    own["KUBERNETES_EXEC_INFO"] =
      #"{"kind":"ExecCredential","apiVersion":"\#(apiVersion)","spec":{"interactive":false\#(spec)}}"#
    return Program(
      [command] + arguments.map(\.text), environment: Program.scrubbed(adding: own), timeLimit: timeLimit,
      outputLimit: 4_096)
  }

  private func failure(_ termination: ProgramOutcome.Termination) -> KubernetesError {
    let how =
      switch termination {
      case .exited(let status): "ended with status \(status)"
      case .signalled(let signal): "was ended by signal \(signal)"
      case .timedOut: "took longer than \(timeLimit)"
      }
    return KubernetesError(
      .unauthorized, "the credential plugin \(name) \(how)", remedy: "run it by hand to see what it says")
  }
}

extension ExecPlugin: CustomStringConvertible, CustomReflectable {
  var description: String { command }
  var customMirror: Mirror { Mirror(self, children: []) }
}
