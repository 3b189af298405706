// The program: hands targets to commands, and nothing else.

import HostTarget
import Mooring
import MooringCommands
import MooringModel

await Composition.main { environment in
  switch environment.target {
  case .host(let host):
    SwitchLayout(
      HostTargetOptions(
        root: host.root, persistent: host.persistent, validate: host.validate, reload: host.reload,
        validateTimeLimit: host.validateTimeLimit, reloadTimeLimit: host.reloadTimeLimit, keep: host.keep))
  }
}
