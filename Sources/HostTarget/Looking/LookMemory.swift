import CLinux
import MooringModel

/// What a layout remembers from one look to the next.
struct LookMemory {
  /// What the baseline was made of; another key is another baseline.
  var key: String
  var baseline: Baseline
  /// Those that the baseline's records are marked by.
  var rules: LookRules?

  /// Hands the baseline over, so that there is never a second copy of it.
  mutating func handOver() -> Baseline {
    defer { baseline = Baseline(records: [], names: []) }
    return baseline
  }
}

/// Remembers in memory and, where there is a folder for it, in a file, so that a command that runs once profits too.
struct LookMemories {
  /// A larger baseline, of over about 2.5 MB, is in memory only while it is used, where the file has it: reading it
  /// takes a few milliseconds, and most of the time nothing happens.
  private static let mostInMemory = 16_384

  private let file: BaselineFile?
  private var memory: LookMemory?
  /// Of what the file is known to hold.
  private var keyInFile: String?

  /// - Parameter cache: The absolute path of a folder of Mooring's own.
  init(cache: String?, for target: String) {
    file = cache.map { BaselineFile(folder: $0, target: target) }
  }

  /// Takes out what is known by this key, or what `make` makes, marked by the rules where there are any. To be given back
  /// by ``keep(_:isToBeWritten:)``: it is taken out so that there is one copy of it.
  mutating func take(_ key: String, _ rules: LookRules?, make: () throws -> Baseline) throws -> LookMemory {
    var known = memory
    memory = nil
    if known?.key != key {
      known = nil
      let read = file?.read(key)
      keyInFile = read == nil ? nil : key
      known = LookMemory(key: key, baseline: try read ?? make())
      // Making one takes many small pieces.
      if read == nil { mooring_give_memory_back() }
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
    if isToBeWritten, let file, file.write(memory.baseline, key: memory.key) { keyInFile = memory.key }
    let isInFile = keyInFile == memory.key
    self.memory = isInFile && memory.baseline.records.count > Self.mostInMemory ? nil : memory
  }
}
