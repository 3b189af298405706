import CLibyaml
import Documents
import Foundation

// Prints how fast Kubernetes manifests are read: bare libyaml events, this package's documents, and their differences.

let count = CommandLine.arguments.dropFirst().first.flatMap { Int($0) } ?? 2_000
let source = Manifests.deployments(count)
let bytes = Array(source.utf8)
print("\(count) Deployments, \(bytes.count) bytes")

Measurement.report("libyaml events", bytes: bytes.count) { BareEvents.count(in: bytes) }
Measurement.report("YAML documents", bytes: bytes.count) {
  (try? Document.parse(bytes, as: .yaml))?.count ?? 0
}
let edited = Array(Manifests.deployments(count, replicas: 4).utf8)
Measurement.report("file difference", bytes: bytes.count) {
  differences(from: bytes, to: edited, path: "a.yaml").fields.count
}
let json = Array(Manifests.json(count).utf8)
Measurement.report("JSON document", bytes: json.count) {
  (try? Document.parse(json, as: .json))?.count ?? 0
}
let data = Data(json)
Measurement.report("JSONSerialization", bytes: json.count) { FoundationJSON.count(in: data) }
