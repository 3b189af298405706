import FoundationEssentials
import GitRemotes
import MooringModel
import MooringTestSupport
import Testing

@testable import Mooring

/// What a Prometheus server, or something that passes for one, may answer.
@Suite("Prometheus", .inTurn) struct PrometheusTests {
  private static func matrix(_ values: String) -> String {
    #"{"status":"success","data":{"resultType":"matrix","result":[{"metric":{"job":"shop"},"values":["# + values
      + "]}]}}"
  }

  @Test func valuesOfATimeAreRead() throws {
    let answer = try PrometheusAnswer(
      Array(Self.matrix(#"[1435781430,"1"],[1435781445.5,"0.25"],[1435781460,"NaN"],[1435781475,"+Inf"]"#).utf8))
    #expect(
      try answer.values() == [
        SignalSample(at: Timestamp(milliseconds: 1_435_781_430_000), value: 1),
        SignalSample(at: Timestamp(milliseconds: 1_435_781_445_500), value: 0.25),
      ])
  }

  @Test(
    arguments: [
      (#"{"status":"success","data":{"resultType":"vector","result":[{"metric":{},"value":[1,"2.5"]}]}}"#, 2.5),
      (#"{"status":"success","data":{"resultType":"scalar","result":[1,"7"]}}"#, 7),
      (#"{"status":"success","data":{"resultType":"vector","result":[]}}"#, nil),
      (#"{"status":"success","data":{"resultType":"vector","result":[{"metric":{},"value":[1,"NaN"]}]}}"#, nil),
    ] as [(String, Double?)]) func aValueIsRead(_ text: String, _ value: Double?) throws
  {
    #expect(try PrometheusAnswer(Array(text.utf8)).value() == value)
  }

  @Test(arguments: [
    "", "no JSON", "[]", "{}", #"{"status":"error","error":"x"}"#, #"{"status":"success","data":[]}"#,
    #"{"status":"success","data":{"resultType":"matrix","result":{}}}"#,
    #"{"status":"success","data":{"resultType":"matrix","result":[{"values":[[1]]}]}}"#,
    #"{"status":"success","data":{"resultType":"matrix","result":[{"values":[["a","1"]]}]}}"#,
    #"{"status":"success","data":{"resultType":"matrix","result":[{"values":[[1e300,"1"]]}]}}"#,
    #"{"status":"success","data":{"resultType":"matrix","result":[{"values":[[1,"one"]]}]}}"#,
    #"{"status":"success","data":{"resultType":"matrix","result":[{}, {}]}}"#,
    #"{"status":"success","data":{"resultType":"string","result":[1,"x"]}}"#,
    String(repeating: "[", count: 10_000),
  ]) func anythingElseIsAnError(_ text: String) {
    #expect(throws: Fault.self) { try PrometheusAnswer(Array(text.utf8)).values() }
  }

  // MARK: The server

  private func client(_ port: Int, _ way: String, token: String? = nil) -> PrometheusClient {
    PrometheusClient(
      query: PrometheusQuery(
        url: "http://127.0.0.1:\(port)/\(way)", query: "up", tokenFile: token, timeout: .seconds(1)))
  }

  @Test(arguments: [
    ("status/422", "it answered 422"), ("status/500", "it answered 500"), ("moved", "redirects are not followed"),
    ("away", "redirects are not followed"), ("silent", "no answer within"), ("html", "is no JSON"), ("raw", ""),
  ]) func aServerThatMisbehavesIsNamedAndTheTokenIsNot(_ way: String, _ said: String) async throws {
    let folder = try TemporaryFolder()
    try folder.write("s3cret-token\n", to: "token")
    let other = try await HTTPServer()
    let server = try await HTTPServer(["other": "http://127.0.0.1:\(other.port)"])
    do {
      _ = try await client(server.port, way, token: folder["token"]).value()
      Issue.record("it answered")
    } catch let fault as Fault {
      #expect(fault.description.contains(said), "\(fault)")
      #expect(!fault.description.contains("s3cret"), "\(fault)")
    }
    #expect(try server.requests.contains { $0.contains("Bearer s3cret-token") })
    #expect(try other.requests.isEmpty, "the token followed nobody")
  }

  @Test func whatASignalHasNoAnswerForIsNotAskedOfMetadataAddresses() async throws {
    let query = PrometheusQuery(url: "http://169.254.169.254", query: "up", timeout: .seconds(1))
    await #expect(throws: Fault.self) { try await PrometheusClient(query: query).value() }
  }

  @Test func aTokenThatCantBeReadIsNamedByItsFile() async throws {
    let folder = try TemporaryFolder()
    try folder.write("\n", to: "empty")
    for file in ["empty", "missing"] {
      do {
        _ = try await client(1, "x", token: folder[file]).value()
        Issue.record("it answered")
      } catch let fault as Fault { #expect(fault.place == folder[file]) }
    }
  }
}
