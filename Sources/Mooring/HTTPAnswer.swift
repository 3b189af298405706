import Foundation
import FoundationNetworking
import Synchronization

/// What a server said: its status, and as much of the body as is looked at.
struct HTTPAnswer {
  var status = 0
  var body: [UInt8] = []
  /// Whether there was more.
  var isCut = false

  /// Asks once. A redirect is an answer, not a place to go; the transfer ends where the body's limit is passed.
  static func get(
    _ url: URL, _ configuration: URLSessionConfiguration, bodyBytes: Int
  ) async throws -> HTTPAnswer {
    let reader = Reader(bodyBytes: bodyBytes)
    let session = URLSession(configuration: configuration, delegate: reader, delegateQueue: nil)
    defer { session.finishTasksAndInvalidate() }
    let task = session.dataTask(with: url)
    return try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        reader.begin(continuation)
        task.resume()
      }
    } onCancel: {
      task.cancel()
    }
  }

  private final class Reader: NSObject, URLSessionDataDelegate, Sendable {
    private struct State {
      var answer = HTTPAnswer()
      var continuation: CheckedContinuation<HTTPAnswer, any Error>?
      /// How it ended, where that came first: a task may be cancelled before it is begun.
      var result: Result<HTTPAnswer, any Error>?
    }

    private let bodyBytes: Int
    private let state = Mutex(State())

    init(bodyBytes: Int) { self.bodyBytes = bodyBytes }

    func begin(_ continuation: CheckedContinuation<HTTPAnswer, any Error>) {
      let result = state.withLock { state in
        if state.result == nil { state.continuation = continuation }
        return state.result
      }
      if let result { continuation.resume(with: result) }
    }

    func urlSession(
      _ session: URLSession, task: URLSessionTask, willPerformHTTPRedirection response: HTTPURLResponse,
      newRequest request: URLRequest, completionHandler: @escaping @Sendable (URLRequest?) -> Void
    ) {
      completionHandler(nil)
    }

    func urlSession(_ session: URLSession, dataTask: URLSessionDataTask, didReceive data: Data) {
      let isFull = state.withLock { state in
        let room = bodyBytes - state.answer.body.count
        state.answer.body += data.prefix(room)
        state.answer.isCut = state.answer.isCut || data.count > room
        return state.answer.isCut
      }
      if isFull { dataTask.cancel() }
    }

    func urlSession(_ session: URLSession, task: URLSessionTask, didCompleteWithError error: (any Error)?) {
      let status = (task.response as? HTTPURLResponse)?.statusCode ?? 0
      let (continuation, result) = state.withLock { state in
        defer { state.continuation = nil }
        state.answer.status = status
        // What was cut was cancelled by us.
        let failure = state.answer.isCut ? nil : error
        let result = failure.map { Result.failure($0) } ?? Result<HTTPAnswer, any Error>.success(state.answer)
        state.result = result
        return (state.continuation, result)
      }
      continuation?.resume(with: result)
    }
  }
}
