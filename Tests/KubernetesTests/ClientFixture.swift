import Documents
import Kubernetes

/// A client of a scripted server.
struct ClientFixture {
  let server: ScriptedServer
  let client: APIClient
  let clock: RecordingClock

  static func with<Result>(
    user: String = "{token: secret-token}", requestTimeout: Duration = .seconds(20), silence: Duration = .seconds(20),
    maximumAnswer: Int = 1 << 20,
    answering answer: @escaping @Sendable (ScriptedServer.Question, Int) -> ScriptedServer.Reply,
    _ body: (ClientFixture) async throws -> Result
  ) async throws -> Result {
    try await ScriptedServer.run(answering: answer) { server, port in
      let text = """
        current-context: one
        contexts: [{name: one, context: {cluster: one, user: one, namespace: shop}}]
        clusters: [{name: one, cluster: {server: "http://127.0.0.1:\(port)"}}]
        users: [{name: one, user: \(user)}]
        """
      let config = try Kubeconfig(parsing: Array(text.utf8), file: "config")
      let access = try config.access(policy: AccessPolicy(allowsInsecure: true))
      let clock = RecordingClock()
      let settings = ClientSettings(
        userAgent: "tests", requestTimeout: requestTimeout, maximumAnswer: maximumAnswer, pageSize: 2,
        watchSilence: silence)
      let client = APIClient(access, settings: settings, clock: clock, fraction: { 1 })
      do {
        let result = try await body(ClientFixture(server: server, client: client, clock: clock))
        await client.close()
        return result
      } catch {
        await client.close()
        throw error
      }
    }
  }

  /// What discovery asks for, as servers before 1.27 answer (kubernetes.io, "The Kubernetes API", "Unaggregated
  /// discovery"), of a server that has ConfigMaps and Secrets alone.
  static func discovery(_ question: ScriptedServer.Question) -> ScriptedServer.Reply? {
    switch question.path {
    case "/api": ScriptedServer.Reply(#"{"kind":"APIVersions","versions":["v1"]}"#)
    case "/apis": ScriptedServer.Reply(#"{"kind":"APIGroupList","apiVersion":"v1","groups":[]}"#)
    case "/api/v1":
      ScriptedServer.Reply(
        """
        {"kind":"APIResourceList","groupVersion":"v1","resources":[
        {"name":"configmaps","singularName":"","namespaced":true,"kind":"ConfigMap","verbs":["get","list","watch"],"shortNames":["cm"]},
        {"name":"secrets","singularName":"","namespaced":true,"kind":"Secret","verbs":["get","list","watch"]}]}
        """)
    default: nil
    }
  }

  static let configMap = GroupVersionKind(apiVersion: "v1", kind: "ConfigMap")
  static let resource = APIResource(configMap, name: "configmaps", isNamespaced: true)

  static func reference(_ name: String) -> ObjectReference {
    ObjectReference(configMap, namespace: "shop", name: name)
  }

  static func object(_ name: String, version: Int) -> String {
    #"{"metadata":{"name":"\#(name)","namespace":"shop","resourceVersion":"\#(version)"}}"#
  }

  static func event(_ type: String, _ object: String) -> String { #"{"type":"\#(type)","object":\#(object)}"# + "\n" }

  static func list(_ objects: [String], version: Int, next: String = "") -> String {
    #"{"kind":"ConfigMapList","apiVersion":"v1","metadata":{"resourceVersion":"\#(version)","continue":"\#(next)"},"#
      + #""items":[\#(objects.joined(separator: ","))]}"#
  }

  /// `meta/v1` `Status`, as the API server writes it (k8s.io/apimachinery/pkg/api/errors).
  static func status(_ code: Int, _ reason: String, _ message: String = "no", details: String = "{}") -> String {
    #"{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":"\#(message)","reason":"\#(reason)","#
      + #""details":\#(details),"code":\#(code)}"#
  }
}

func node(_ json: String) throws -> Node { try Document.parse(Array(json.utf8), as: .json)[0].root }

func yaml(_ text: String) throws -> Node { try Document.parse(Array(text.utf8), as: .yaml)[0].root }
