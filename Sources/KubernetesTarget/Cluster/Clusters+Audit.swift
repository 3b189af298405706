import FoundationEssentials
import Kubernetes
public import MooringModel

/// What API servers tell of the requests that they answered.
extension Clusters {
  /// The largest batch that is taken, in bytes.
  public static let auditLimit = AuditEventList.maximumBytes

  /// From now on a cluster's API servers can tell.
  public func openAudit(_ options: KubernetesTargetOptions) { cluster(options).audit.open(at: Timestamp(Date())) }

  /// Something that they told couldn't be taken.
  public func missAudit(_ options: KubernetesTargetOptions) { cluster(options).audit.miss(at: Timestamp(Date())) }

  /// Sees, until the task is cancelled, whether servers tell of requests of ours: only then is what they tell believed to be
  /// all.
  ///
  /// The requests are for the deletion, as a trial, of what isn't there: they change nothing, and need no right.
  ///
  /// - Parameter complain: Is told when some aren't told of, and when they are again.
  public func hearAudit(_ options: KubernetesTargetOptions, complain: @Sendable (String) -> Void) async {
    let (cluster, namespace) = (cluster(options), options.namespace)
    var isBroken = false
    while !Task.isCancelled {
      let names = Set((0..<Self.probes).map { _ in "mooring.hearing-\(UInt64.random(in: .min ... .max))" })
      if cluster.audit.expect(names, at: Timestamp(Date())) {
        isBroken = true
        complain("an API server doesn't tell of each request: who changed what is likely at most")
      } else if isBroken, cluster.audit.isProven {
        isBroken = false
        complain("the API servers tell of each request again")
      }
      await withDiscardingTaskGroup { group in
        for name in names { group.addTask { await Self.probe(cluster, name, in: namespace) } }
      }
      do { try await Task.sleep(for: Self.probePause) } catch { return }
    }
  }

  /// As many as there are connections, which may lead to several servers.
  private static let probes = ClientSettings(userAgent: Cluster.userAgent).connections
  private static let probePause = Duration.seconds(30)

  private static func probe(_ cluster: Cluster, _ name: String, in namespace: String) async {
    let reference = ObjectReference(OwnConfigMap.kind, namespace: namespace, name: name)
    do { try await cluster.client().delete(reference, DeleteOptions(isDryRun: true)) } catch {
      // That it isn't there, or that we mayn't, is an answer, and told of.
      if let error = error as? KubernetesError, [.notFound, .forbidden].contains(error.code) { return }
      cluster.audit.withdraw(name)
    }
  }

  /// Takes a batch of a cluster's events.
  ///
  /// - Returns: What of it was no event, in words; `nil` where all was.
  /// - Throws: `Fault` where it is no batch, or of another version.
  public func takeAudit(_ body: [UInt8], _ options: KubernetesTargetOptions) throws(Fault) -> String? {
    do {
      let list = try AuditEventList(parsing: body)
      cluster(options).audit.take(list.events, at: Timestamp(Date()))
      if list.unreadable > 0 { missAudit(options) }
      return list.unreadable == 0 ? nil : "\(list.unreadable) of \(list.events.count + list.unreadable)"
    } catch {
      throw Fault(error)
    }
  }
}
