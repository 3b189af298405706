/// One parser of foreign bytes, and what must hold of it whatever the bytes are.
struct FuzzTarget: Sendable {
  /// How `fuzz.sh --target` calls it, and its folder of seeds beside the built-in ones.
  var name: String
  /// What the parser accepts, for mutation to begin with.
  var seeds: [String]
  /// Words of the grammar that mutation would take long to find.
  var words: [String] = []
  /// Ends the program when something that must hold doesn't; an error that the parser throws is an answer like others.
  var check: @Sendable ([UInt8]) throws -> Void

  /// Every parser that is fuzzed. A new one is added here, and nowhere else.
  static let all: [FuzzTarget] =
    documents + edits + merges + fields + configuration + journal + git + transfer + signatures + hosts + wire + fetches
    + kubernetes + audit

  /// A fault that is there to be found: `fuzz.sh --target self-test` sees that it is.
  static let selfTest = FuzzTarget(name: "self-test", seeds: ["sound"], words: ["fault"]) { bytes in
    hold(!String(decoding: bytes, as: UTF8.self).contains("fault"), "the planted fault")
  }

  static func named(_ name: String) -> FuzzTarget? { (all + [selfTest]).first { $0.name == name } }
}

/// Ends the program, and so makes the input a finding, unless the condition holds.
func hold(_ condition: @autoclosure () throws -> Bool, _ what: @autoclosure () -> String) rethrows {
  if try !condition() { fatalError(what()) }
}
