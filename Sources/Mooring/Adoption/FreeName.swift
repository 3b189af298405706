import MooringModel

/// Finds names that no file has.
enum FreeName {
  /// The name itself, or with a number before its suffix: `web.yaml`, `web-2.yaml`, ….
  ///
  /// - Parameter folder: Where it is looked for, for the error; `.` for the top.
  static func first(of file: String, in folder: String, where isFree: (String) throws -> Bool) throws -> String {
    let stem = String(file.prefix(upTo: file.lastIndex(of: ".") ?? file.endIndex))
    let suffix = file.dropFirst(stem.count)
    for number in 1...1_000 {
      let name = number == 1 ? file : "\(stem)-\(number)\(suffix)"
      if try isFree(name) { return name }
    }
    throw Fault(
      .limit, "1,000 files are called so already", at: folder == "." ? file : "\(folder)/\(file)",
      remedy: "rename some of them")
  }
}
