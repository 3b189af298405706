import Glibc
import Kubernetes

// What the client costs beside a real API server.
//
// usage: KubernetesBench KUBECONFIG NAMESPACE apply|watch COUNT
//   apply   makes COUNT environments of four objects
//   watch   follows all of them, and says what that takes once everything is known

let arguments = CommandLine.arguments
guard arguments.count == 5, let count = Int(arguments[4]) else {
  print("usage: KubernetesBench KUBECONFIG NAMESPACE apply|watch COUNT")
  exit(64)
}
let environments = Environments(namespace: arguments[2], count: count)
let client = APIClient(
  try Kubeconfig(file: arguments[1]).access(), settings: ClientSettings(userAgent: "bench", connections: 8))
let start = ContinuousClock.now
let what =
  switch arguments[3] {
  case "apply": try await Work(client, environments).apply()
  default: try await Work(client, environments).watch()
  }
let seconds = start.duration(to: .now) / .seconds(1)
print("\(arguments[3]): \(what) in \(seconds) s, \(Usage.seconds) s of CPU, at most \(Usage.mostMemory) MiB")
await client.close()
