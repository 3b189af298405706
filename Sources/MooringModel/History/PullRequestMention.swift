/// Finds the request by which a commit was merged in what hosts, and people, write into messages.
public enum PullRequestMention {
  /// `#12`, and of GitLab `group/project!12`; what a trailer `Pull-Request` or `Merge-Request` says is taken as it is.
  ///
  /// - Parameter message: With its first line.
  public static func reference(
    message: String, trailers: some Sequence<(key: String, value: String)> = [(key: String, value: String)]()
  ) -> String? {
    let named = trailers.first { ["pull-request", "merge-request"].contains($0.key.lowercased()) }
    if let value = named?.value, !value.isEmpty { return String(value.prefix(256)) }
    guard let summary = message.split(whereSeparator: \.isNewline).first else { return nil }
    return number(in: summary).map { "#" + $0 } ?? mergeRequest(in: message)
  }

  /// The number in a first line as GitHub, Gitea, Bitbucket and Azure write it.
  private static func number(in summary: Substring) -> String? {
    // `Merge pull request #12 from …`, `Pull request #12: …`, `Merged PR 12: …`
    for beginning in ["Merge pull request #", "Pull request #", "Merged PR "] where summary.hasPrefix(beginning) {
      return digits(summary.dropFirst(beginning.count))
    }
    // `Merge pull request 'Raise it' (#12) from limit into main`
    if summary.hasPrefix("Merge pull request '"), let end = summary.ranges(of: "' (#").last?.upperBound {
      return closed(summary[end...].prefix { $0 != ")" })
    }
    // `Raise it (#12)`, `Merged in limit (pull request #12)`
    guard summary.hasSuffix(")"), let open = summary.lastIndex(of: "(") else { return nil }
    let inner = summary[summary.index(after: open)...].dropLast()
    for beginning in ["#", "pull request #"] where inner.hasPrefix(beginning) {
      return closed(inner.dropFirst(beginning.count))
    }
    return nil
  }

  /// `See merge request group/project!12`
  private static func mergeRequest(in message: String) -> String? {
    let beginning = "See merge request "
    guard message.contains(beginning) else { return nil }
    for line in message.split(whereSeparator: \.isNewline) where line.hasPrefix(beginning) {
      let reference = line.dropFirst(beginning.count).prefix { !$0.isWhitespace }
      guard let mark = reference.lastIndex(of: "!"), reference.count < 256 else { continue }
      if digits(reference[reference.index(after: mark)...]) != nil { return String(reference) }
    }
    return nil
  }

  /// Digits and nothing else.
  private static func closed(_ text: Substring) -> String? {
    digits(text).flatMap { $0.count == text.count ? $0 : nil }
  }

  private static func digits(_ text: Substring) -> String? {
    let digits = text.prefix { ("0"..."9").contains($0) }
    return digits.isEmpty || digits.count > 18 ? nil : String(digits)
  }
}
