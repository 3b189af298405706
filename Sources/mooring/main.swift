// The program: hands targets to commands, and nothing else.

import HostTarget
import Mooring
import MooringCommands
import MooringModel

await Composition.main { environment, cache in
  switch environment.target {
  case .host(let options) where options.layout == .inPlace:
    InPlaceLayout(options, environment: environment.name, cache: cache)
  case .host(let options): SwitchLayout(options, cache: cache)
  }
}
