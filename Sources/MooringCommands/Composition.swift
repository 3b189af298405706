import ArgumentParser
import CLinux
import GitRemotes
import Glibc
public import Mooring
import Synchronization

/// What the program is composed of, and commands are not to know: the targets.
public enum Composition {
  /// Set once, before any command runs. Not a task-local value: optimised, Swift 6.3 passes a wrong type to
  /// `swift_task_localValuePush` here, and the program ends before it has begun.
  private static let composed = Mutex<TargetFactory?>(nil)

  static var targets: TargetFactory? { composed.withLock { $0 } }

  /// Runs the command line with these targets.
  public static func main(targets: @escaping TargetFactory) async {
    // `ssh` runs us to be told a key's passphrase; its words to a person are our arguments then.
    if SSHPassphrase.isAskedFor { exit(SSHPassphrase.say()) }
    mooring_keep_memory_small()
    composed.withLock { $0 = targets }
    await MooringCommand.main()
  }
}
