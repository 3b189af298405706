import Git

/// What is asked of `upload-pack`, in the words of either version (gitprotocol-v2, "fetch"; gitprotocol-pack,
/// "Packfile Negotiation").
struct FetchRequest: Sendable {
  var wants: [ObjectID]
  /// Commits that we have without their parents.
  var borders: [ObjectID] = []
  /// How many generations of commits to send; nil for all.
  var depth: Int?

  /// The arguments of the command `fetch` of version 2.
  func arguments(haves: [ObjectID], isDone: Bool) -> [Packet] {
    let options = ["thin-pack", "no-progress", "ofs-delta"]
    return options.map { Packet.line($0) } + lines(want: wants.map { "want \($0)" })
      + haves.map { .line("have \($0)") } + (isDone ? [.line("done")] : []) + [.flush]
  }

  /// What a conversation of version 0 begins with, and what each of its requests does where they stand alone.
  func beginning(_ capabilities: [String]) -> [Packet] {
    let list = capabilities.joined(separator: " ")
    let wants = wants.enumerated().map { "want \($1)" + ($0 == 0 ? " " + list : "") }
    return lines(want: wants) + [.flush]
  }

  private func lines(want: [String]) -> [Packet] {
    want.map { .line($0) } + borders.map { .line("shallow \($0)") } + (depth.map { [.line("deepen \($0)")] } ?? [])
  }
}
