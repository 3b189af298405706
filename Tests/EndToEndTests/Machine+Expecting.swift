import Testing

extension Machine.Answer {
  /// Records an issue where the program ended with another status.
  @discardableResult
  func expect(_ wanted: Int32, sourceLocation: SourceLocation = #_sourceLocation) -> Self {
    #expect(status == wanted, "\(self)", sourceLocation: sourceLocation)
    return self
  }
}
