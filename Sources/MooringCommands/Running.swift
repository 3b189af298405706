import ArgumentParser
import FoundationEssentials
import Glibc
import Mooring
import MooringModel

/// Runs a verb's body, and turns what goes wrong into one line for people and an exit code.
func running(_ body: () async throws -> Void) async throws {
  do {
    try await body()
  } catch let exit as ExitCode {
    throw exit
  } catch let fault as Fault {
    Terminal.complain(fault.description)
    throw fault.code == .usage ? ExitCode(64) : ExitCode.failure
  } catch let problems as ConfigurationFile.Problems {
    Terminal.complain(problems.description)
    throw ExitCode.failure
  } catch is CancellationError {
    throw ExitCode.failure
  } catch {
    Terminal.complain("\(error)")
    throw ExitCode.failure
  }
}

/// What is printed besides a verb's answer.
enum Terminal {
  static let isInteractive = isatty(STDERR_FILENO) == 1
  private static let isColourful =
    isatty(STDERR_FILENO) == 1 && ProcessInfo.processInfo.environment["NO_COLOR"] == nil

  /// `mooring: what, where, and what to do`, on standard error.
  static func complain(_ message: String) {
    let message = plain(message)
    write("\(isColourful ? "\u{1B}[31mmooring:\u{1B}[0m" : "mooring:") \(message)\n")
  }

  /// A line about what is being done, on standard error.
  static func say(_ message: String) { write(plain(message) + "\n") }

  /// A line that the next one writes over, until the last.
  static func overwrite(_ message: String, isLast: Bool) { write("\r\u{1B}[K\(message)\(isLast ? "\n" : "")") }

  private static func write(_ text: String) { write(Array(text.utf8), to: STDERR_FILENO) }

  /// A text in which nothing steers a terminal: what stands in commits and names is up to others. Line feeds and tabs stay.
  static func plain(_ text: String) -> String {
    // Byte by byte for what nearly every text is: of two bytes, controls begin with 0xC2.
    guard text.utf8.contains(where: { ($0 < 32 && $0 != 10 && $0 != 9) || $0 == 127 || $0 == 0xC2 }) else {
      return text
    }
    let isControl = { (scalar: Unicode.Scalar) in
      (scalar.value < 32 && scalar != "\n" && scalar != "\t") || (127..<160).contains(scalar.value)
    }
    guard text.unicodeScalars.contains(where: isControl) else { return text }
    var plain = ""
    for scalar in text.unicodeScalars {
      if isControl(scalar) { plain += scalar.escaped(asASCII: true) } else { plain.unicodeScalars.append(scalar) }
    }
    return plain
  }

  /// The same for what must stay on one line.
  static func plainLine(_ text: String) -> String {
    let plain = plain(text)
    return plain.utf8.contains(10) ? plain.replacing("\n", with: "\\n") : plain
  }

  /// Bytes as they are, on standard output.
  static func print(_ bytes: [UInt8]) { write(bytes, to: STDOUT_FILENO) }

  private static func write(_ bytes: [UInt8], to descriptor: Int32) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let wrote = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if wrote <= 0 { return }
      rest = rest.dropFirst(wrote)
    }
  }

  /// A value as JSON, on standard output.
  static func printJSON(_ value: some Encodable) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
    Swift.print(String(decoding: try encoder.encode(value), as: UTF8.self))
  }

  /// Whether a person can be asked.
  static var canAsk: Bool { isatty(STDIN_FILENO) == 1 }

  /// Asks a question that is answered with `y`; `nil` where nobody can be asked.
  static func confirm(_ question: String) -> Bool? {
    guard isatty(STDIN_FILENO) == 1 else { return nil }
    write("\(question) [y/N] ")
    return readLine()?.lowercased().hasPrefix("y") ?? false
  }
}
