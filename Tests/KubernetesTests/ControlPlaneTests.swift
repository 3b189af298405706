import MooringTestSupport
import Processes
import Testing

/// What the other tests stand on.
@Suite("The control plane of the tests", .inTurn)
struct ControlPlaneTests {
  @Test("keeps what either of its users gives it", arguments: ["token", "certificate"])
  func configMap(context: String) async throws {
    let plane = try await ControlPlane.shared
    let namespace = try await plane.freshNamespace()
    let user = ["--context", context, "--namespace", namespace]
    try await plane.kubectl(user + ["create", "configmap", "settings", "--from-literal", "colour=blue"])
    let reading = ["get", "configmap", "settings", "--output", "jsonpath={.data.colour}"]
    let colour = try await plane.kubectl(user + reading)
    #expect(colour == "blue\n")
  }

  @Test("gives each test a namespace of its own")
  func namespaces() async throws {
    let plane = try await ControlPlane.shared
    #expect(try await plane.freshNamespace("shop") != plane.freshNamespace("shop"))
  }

  @Test("says what kubectl said when it fails")
  func refusal() async throws {
    let plane = try await ControlPlane.shared
    let failure = await #expect(throws: ToolFailure.self) { try await plane.kubectl("get", "pod", "nowhere") }
    #expect(failure?.output.contains("NotFound") == true)
  }

  @Test("keeps its port and what it was given when its API server is restarted")
  func restart() async throws {
    var options = ControlPlane.Options()
    (options.controllers, options.kubelet) = (false, false)
    let plane = try await ControlPlane(options)
    try await plane.kubectl("create", "configmap", "settings", "--from-literal", "colour=blue")
    let before = try plane.process(of: "kube-apiserver")
    try await plane.restartAPIServer()
    #expect(try plane.process(of: "kube-apiserver") != before)
    #expect(try await plane.kubectl("get", "configmaps", "--output", "name").contains("configmap/settings\n"))
  }

  /// What a test run that is killed does, without a word: the kernel closes its end of the pipe.
  @Test("ends with whoever started it, killed or not")
  func killedParent() async throws {
    let folder = try TemporaryFolder("mooring-parent")
    try await tool("mkfifo", folder["input"], folder["output"])
    let script = """
      setsid "$1" run --without controllers --without kubelet <"$0/input" >"$0/output" &
      exec 3>"$0/input"
      read -r run <"$0/output"
      cat "$run/etcd.pid" "$run/kube-apiserver.pid"
      cut -d' ' -f1 "$run/supervisor.pid"
      echo "$run"
      kill -KILL $$
      """
    let parent = try await run(
      Program(["/bin/sh", "-c", script, folder.path, ControlPlane.script], timeLimit: .seconds(180)))
    let said = parent.output.split(separator: "\n").map(String.init)
    try #require(parent.termination == .signalled(9) && said.count == 4, "\(parent)")
    for process in said.dropLast() {
      try await tool("timeout", "60", "tail", "--pid=\(process)", "--follow", "/dev/null")
    }
    #expect(try await run(Program(["test", "-e", said[3]], timeLimit: .seconds(60))).termination == .exited(1))
  }

  private func tool(_ arguments: String...) async throws {
    let outcome = try await run(Program(arguments, timeLimit: .seconds(90)))
    try #require(outcome.succeeded, "\(arguments.joined(separator: " ")): \(outcome.output)")
  }
}
