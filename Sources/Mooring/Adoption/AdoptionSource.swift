/// A way to write a change down in the inputs; whether it is one, rendering shows.
struct AdoptionCandidate {
  /// Files of the inputs with their new bytes; `nil` for one that goes.
  var files: [(path: String, bytes: [UInt8]?)]
}

/// Inputs of a renderer in which a change may be written down.
protocol AdoptionSource {
  /// The ways to write a change down, best first. A way that turns out to be none costs a rendering.
  func candidates(for change: RenderedChange, in inputs: InputFiles) throws -> [AdoptionCandidate]
}
