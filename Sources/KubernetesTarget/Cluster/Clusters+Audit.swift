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
