import ArgumentParser
public import Mooring

/// What the program is composed of, and commands are not to know: the targets.
public enum Composition {
  @TaskLocal static var targets: TargetFactory?

  /// Runs the command line with these targets.
  public static func main(targets: @escaping TargetFactory) async {
    await $targets.withValue(targets) { await MooringCommand.main() }
  }
}
