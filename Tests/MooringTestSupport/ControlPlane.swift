import Processes
import Synchronization

/// A real Kubernetes control plane on loopback: etcd, the API server, the controllers, and a stand-in for the kubelet that
/// makes pods ready, or lets them fail as their annotations say (`Tests/Kubernetes/stand-in-kubelet`).
///
/// It ends with this value, and with this process however that ends. Starting one takes five to fifteen seconds, so tests
/// share ``shared``, each in a namespace of its own; a test that restarts the API server, or needs other options, starts its
/// own.
public final class ControlPlane: Sendable {
  /// What `scripts/kube-control-plane` lets one choose.
  public struct Options: Sendable {
    /// Whether there are controllers: Deployments make pods, namespaces are cleared.
    public var controllers = true
    /// Whether anybody marks pods ready.
    public var kubelet = true
    /// A kubeconfig that says where audit events go, by the rules of `docs/audit-policy.yaml`.
    public var auditWebhook: String?
    /// Further flags of kube-apiserver.
    public var apiServerFlags: [String] = []

    public init() {}

    fileprivate var arguments: [String] {
      (controllers ? [] : ["--without", "controllers"]) + (kubelet ? [] : ["--without", "kubelet"])
        + (auditWebhook.map { ["--audit-webhook", $0] } ?? [])
        + apiServerFlags.flatMap { ["--apiserver-flag", $0] }
    }
  }

  /// Where the API server is: `https://127.0.0.1:PORT`.
  public let url: String
  /// The bearer token of a cluster administrator.
  public let token: String
  let hasControllers: Bool
  let clients: String
  let namespaces = Mutex(0)
  private let program: ServingProgram
  /// The folder of the run, which has the programs' logs too. Goes after the programs.
  public let folder: TemporaryFolder

  /// Files: with two contexts, `token` (the current one) and `certificate`, both cluster administrators; the server's
  /// authority and its key; a client's certificate and key.
  public var kubeconfig: String { folder["kubeconfig"] }
  public var authority: String { folder["ca.crt"] }
  public var authorityKey: String { folder["ca.key"] }
  public var clientCertificate: String { folder["client.crt"] }
  public var clientKey: String { folder["client.key"] }

  /// `scripts/kube-control-plane` of this checkout.
  public static let script =
    #filePath.split(separator: "/").dropLast(3).map { "/" + $0 }.joined() + "/scripts/kube-control-plane"

  /// Starts one of its own.
  ///
  /// - Throws: ``ToolFailure`` with what it said, also when none has been built yet.
  public init(_ options: Options = Options()) async throws {
    hasControllers = options.controllers
    clients = try await Self.clients()
    folder = try TemporaryFolder("mooring-kubernetes")
    // Its standard input ends with us, and then it ends too.
    let arguments = [Self.script, "run"] + options.arguments + [folder.path]
    program = try ServingProgram(Program(arguments, timeLimit: Self.startLimit))
    let ending = try await program.ask([], within: Self.startLimit) { _ in true }
    guard ending == .answered else { throw ToolFailure(what: Self.script, output: "\(ending)") }
    url = try folder.line(of: "server")
    token = try folder.line(of: "token")
  }

  /// Five to fifteen seconds on a machine that does nothing else.
  private static let startLimit = Duration.seconds(180)

  /// The process of one of its programs, such as `kube-apiserver`, at this moment.
  public func process(of program: String) throws -> String { try folder.line(of: program + ".pid") }

  /// The one that the tests of this process share, started when it is first asked for.
  public static var shared: ControlPlane {
    get async throws { try await SharedControlPlane.instance.plane() }
  }
}

private actor SharedControlPlane {
  static let instance = SharedControlPlane()

  private var starting: Task<ControlPlane, any Error>?

  func plane() async throws -> ControlPlane {
    let starting = self.starting ?? Task { try await ControlPlane() }
    self.starting = starting
    return try await starting.value
  }
}

extension TemporaryFolder {
  /// What a file of one line says.
  fileprivate func line(of name: String) throws -> String {
    try read(name).split(separator: "\n").first.map(String.init) ?? ""
  }
}
