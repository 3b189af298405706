/// The parts of a container image's name: `registry/name:tag@digest`.
struct ImageName: Hashable {
  let name: String
  let tag: String?
  let digest: String?

  init?(_ text: String) {
    let parts = text.split(separator: "@", maxSplits: 1, omittingEmptySubsequences: false)
    guard let first = parts.first, !first.isEmpty else { return nil }
    digest = parts.count == 2 ? String(parts[1]) : nil
    let colon = first.lastIndex(of: ":")
    // A colon before the last slash is a port's.
    guard let colon, first.lastIndex(of: "/").map({ $0 < colon }) ?? true else {
      (name, tag) = (String(first), nil)
      return
    }
    (name, tag) = (String(first[..<colon]), String(first[first.index(after: colon)...]))
  }
}
