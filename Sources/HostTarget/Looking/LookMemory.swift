import CLinux
import MooringModel

/// What a layout remembers from one look to the next.
struct LookMemory {
  /// What the baseline was made of; another key is another baseline.
  var key: String
  var baseline: Baseline
  /// Those that the baseline's records are marked by.
  var rules: LookRules?
}

/// Remembers in memory and, where there is a folder for it, in a file, so that a command that runs once profits too.
struct LookMemories {
  private let file: BaselineFile?
  private var memory: LookMemory?

  /// - Parameter cache: The absolute path of a folder of Mooring's own.
  init(cache: String?, for target: String) {
    file = cache.map { BaselineFile(folder: $0, target: target) }
  }

  /// Takes out what is known by this key, or what `make` makes, marked by the rules where there are any. To be given back by ``keep(_:learned:)``: it is taken
  /// out so that there is one copy of it.
  mutating func take(_ key: String, _ rules: LookRules?, make: () throws -> Baseline) throws -> LookMemory {
    var known = memory
    memory = nil
    if known?.key != key {
      known = nil
      let baseline = try file?.read(key) ?? make()
      known = LookMemory(key: key, baseline: baseline)
      mooring_give_memory_back()
    }
    guard var taken = known else { throw Fault(.unexpected, "nothing to compare with") }
    known = nil
    if let rules, taken.rules?.ignored != rules.ignored {
      taken.baseline.apply(rules)
      taken.rules = rules
    }
    return taken
  }

  /// - Parameter isToBeWritten: Whether a whole look has learned something.
  mutating func keep(_ memory: LookMemory, isToBeWritten: Bool) {
    if isToBeWritten { file?.write(memory.baseline, key: memory.key) }
    self.memory = memory
  }
}
