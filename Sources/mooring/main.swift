// The program: hands targets and the server to commands, and nothing else.

import HostTarget
import KubernetesTarget
import Mooring
import MooringCommands
import MooringModel
import MooringServer

let clusters = Clusters()

let audit = AuditIntake(
  limit: Clusters.auditLimit, open: clusters.openAudit, take: clusters.takeAudit, miss: clusters.missAudit,
  hear: { await clusters.hearAudit($0, complain: $1) })

await Composition.main(
  targets: { environment, cache in
    switch environment.target {
    case .host(let options) where options.layout == .inPlace:
      InPlaceLayout(options, environment: environment.name, cache: cache)
    case .host(let options): SwitchLayout(options, cache: cache)
    case .kubernetes(let options): clusters.target(options, environment: environment.name)
    }
  },
  server: { options, pulse, logger, body in
    try await WatcherServer(options, pulse: pulse, audit: audit, logger: logger).run { _ in try await body() }
  })
