import Glibc

/// Throws bytes at Mooring's parsers. `fuzz.sh` beside the soak's other tests runs it; it isn't part of the product.
///
///     MooringFuzz list
///     MooringFuzz TARGET try FILE…
///     MooringFuzz TARGET words | seeds FOLDER
///     MooringFuzz TARGET mutate SECONDS SEED CURRENT [FILE…]
///     MooringFuzz TARGET cover ARGUMENT-OF-LIBFUZZER…        (built with -DCOVERAGE_GUIDED)
@main struct MooringFuzz {
  static func main() {
    let arguments = Array(CommandLine.arguments.dropFirst())
    if arguments == ["list"] { return FuzzTarget.all.forEach { print($0.name) } }
    guard arguments.count >= 2, let target = FuzzTarget.named(arguments[0]) else { usage() }
    let rest = Array(arguments.dropFirst(2))
    let runner = Runner(target)
    switch (arguments[1], rest.count) {
    case ("try", 1...): rest.forEach { runner.run(bytes(of: $0)) }
    case ("words", 0): target.words.forEach { print("\"" + escaped($0) + "\"") }
    case ("seeds", 1):
      for (index, seed) in target.seeds.enumerated() { write(seed, to: "\(rest[0])/seed-\(index)") }
    case ("mutate", 3...): mutate(runner, rest)
    #if COVERAGE_GUIDED
      case ("cover", _): cover(runner, rest)
    #endif
    default: usage()
    }
  }

  private static func mutate(_ runner: Runner, _ arguments: [String]) {
    guard let seconds = Double(arguments[0]), let seed = UInt64(arguments[1]),
      let current = CurrentInput(path: arguments[2])
    else { usage() }
    let files = arguments.dropFirst(3).map(bytes(of:))
    print(runner.mutate(for: seconds, seed: seed, from: files, showing: current))
  }

  private static func usage() -> Never {
    print("usage: MooringFuzz list | TARGET try FILE… | TARGET mutate SECONDS SEED CURRENT [FILE…]")
    exit(64)
  }

  private static func bytes(of path: String) -> [UInt8] {
    guard let file = fopen(path, "r") else { fatalError("can't read \(path)") }
    defer { fclose(file) }
    var bytes = [UInt8](repeating: 0, count: Mutation.mostBytes)
    // Not as an argument of `prefix`: that would be asked of the bytes before they are read.
    let count = fread(&bytes, 1, bytes.count, file)
    return Array(bytes.prefix(count))
  }

  private static func write(_ text: String, to path: String) {
    guard let file = fopen(path, "w") else { fatalError("can't write \(path)") }
    fwrite(text, 1, text.utf8.count, file)
    fclose(file)
  }

  /// As libFuzzer reads a dictionary.
  private static func escaped(_ word: String) -> String {
    word.utf8.map { byte in
      let digits = String(byte, radix: 16, uppercase: true)
      return "\\x" + (digits.count < 2 ? "0" : "") + digits
    }.joined()
  }
}
