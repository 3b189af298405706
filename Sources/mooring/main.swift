// The program: hands targets to commands, and nothing else.

import HostTarget
import KubernetesTarget
import Mooring
import MooringCommands
import MooringModel

let clusters = Clusters()

await Composition.main { environment, cache in
  switch environment.target {
  case .host(let options) where options.layout == .inPlace:
    InPlaceLayout(options, environment: environment.name, cache: cache)
  case .host(let options): SwitchLayout(options, cache: cache)
  case .kubernetes(let options): clusters.target(options, environment: environment.name)
  }
}
