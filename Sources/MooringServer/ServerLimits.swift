import NIOCore

/// How much of strangers' time and bytes the server takes.
struct ServerLimits: Sendable {
  /// Connections at once; further ones wait to be accepted.
  var connections = 64
  /// A connection that sends nothing is closed, in the middle of headers or of a body too.
  var idle = TimeAmount.seconds(15)
  /// From a request's head to the end of its answer.
  var request = TimeAmount.seconds(20)
  /// How long whoever was refused may go on sending, so that the answer arrives.
  var linger = TimeAmount.seconds(2)
  /// Bytes of a request's headers.
  var headers = 16 << 10
  /// Requests of a webhook a second, and how many may come at once after a pause.
  var rate = 50.0
  var burst = 100.0
  /// Bodies that are being read at once.
  var bodies = 8
}
