import Documents
import Kubernetes
import Testing

@testable import KubernetesTarget

@Suite struct LeaseRecordTests {
  private let reference = ObjectReference(LeaseStore.kind, namespace: "shop", name: "mooring-production")

  private func read(_ text: String) throws -> LeaseRecord { LeaseRecord(try KubernetesObject(Release.node(text))) }

  @Test func whatIsWrittenIsReadAgain() throws {
    let record = LeaseRecord(
      holder: "host/1", seconds: 30, acquired: "2026-01-01T00:00:00.000000Z", renewed: "2026-01-01T00:00:01.000000Z",
      transitions: 4, holds: 3, wish: LeaseRecord.Wish(holder: "host/2", holds: 1), offer: "host/3",
      watched: "2026-01-01T00:00:01.000000Z")
    let body = try JSONBody(record.object(reference, labels: ["a": "b"], version: "7"))
    #expect(try read(String(decoding: body.bytes, as: UTF8.self)) == record)
  }

  @Test(arguments: ["{}", "{leaseDurationSeconds: x, leaseTransitions: [], holderIdentity: }"])
  func whatMakesNoSenseCountsAsNotThere(_ spec: String) throws {
    let text = """
      {apiVersion: coordination.k8s.io/v1, kind: Lease,
       metadata: {name: a, namespace: shop, annotations: {mooring.dev/wanted-by: a b, mooring.dev/holds: x}}, spec: \(spec)}
      """
    #expect(try read(text) == LeaseRecord())
  }

  @Test func aDurationWithoutEndIsCut() throws {
    let text = """
      {apiVersion: coordination.k8s.io/v1, kind: Lease, metadata: {name: a, namespace: shop},
       spec: {leaseDurationSeconds: 99999999999}}
      """
    #expect(try read(text).duration == .seconds(3600))
  }
}
