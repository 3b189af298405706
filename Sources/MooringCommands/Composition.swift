import ArgumentParser
import CLinux
import GitRemotes
import Glibc
public import Logging
public import Mooring
import Synchronization

/// Serves as the configuration says, and runs `body` meanwhile.
public typealias ServerFactory =
  @Sendable (ServerOptions, WatcherPulse, Logger, _ body: @escaping @Sendable () async throws -> Void) async throws ->
  Void

/// What the program is composed of, and commands are not to know: the targets and the server.
public enum Composition {
  /// Set once, before any command runs. Not a task-local value: optimised, Swift 6.3 passes a wrong type to
  /// `swift_task_localValuePush` here, and the program ends before it has begun.
  private static let composed = Mutex<(targets: TargetFactory, server: ServerFactory)?>(nil)

  static var targets: TargetFactory? { composed.withLock { $0?.targets } }
  static var server: ServerFactory? { composed.withLock { $0?.server } }

  /// Runs the command line with these targets and this server.
  public static func main(targets: @escaping TargetFactory, server: @escaping ServerFactory) async {
    // `ssh` runs us to be told a key's passphrase; its words to a person are our arguments then.
    if SSHPassphrase.isAskedFor { exit(SSHPassphrase.say()) }
    mooring_keep_memory_small()
    composed.withLock { $0 = (targets, server) }
    await CommandStart.run()
  }
}
