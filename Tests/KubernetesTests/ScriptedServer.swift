import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization

/// A real HTTP server on loopback that answers as a test says, for what a sound API server can't be made to do.
final class ScriptedServer: Sendable {
  /// What was asked.
  struct Question: Sendable {
    var method: HTTPMethod
    /// With its query.
    var uri: String
    var headers: HTTPHeaders
    var body: String

    var path: String { String(uri.prefix { $0 != "?" }) }
    func has(_ part: String) -> Bool { uri.contains(part) }
  }

  struct Reply: Sendable {
    enum Ending: Sendable { case whole, cut, silence }

    var status = 200
    var headers: [(String, String)] = [("content-type", "application/json")]
    var body: String
    /// The body is sent without its length, and then this happens.
    var ending = Ending.whole

    init(_ body: String, status: Int = 200, headers: [(String, String)] = [], ending: Ending = .whole) {
      self.body = body
      self.status = status
      self.headers += headers
      self.ending = ending
    }
  }

  private let asked = Mutex<[Question]>([])
  private let connections = Mutex<[any Channel]>([])
  private let answer: @Sendable (Question, Int) -> Reply
  private let listener = Mutex<(any Channel)?>(nil)

  /// Everything that was asked so far.
  var questions: [Question] { asked.withLock { $0 } }

  private init(_ answer: @escaping @Sendable (Question, Int) -> Reply) { self.answer = answer }

  /// - Parameter answer: Gets a question, and how many of the same method and path came before it.
  static func run<Result>(
    answering answer: @escaping @Sendable (Question, Int) -> Reply,
    _ body: (ScriptedServer, Int) async throws -> Result
  ) async throws -> Result {
    let server = ScriptedServer(answer)
    let channel = try await server.listen()
    do {
      let result = try await body(server, channel.localAddress?.port ?? 0)
      try await server.close()
      return result
    } catch {
      try await server.close()
      throw error
    }
  }

  private func listen() async throws -> any Channel {
    let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
      .childChannelInitializer { channel in
        self.connections.withLock { $0.append(channel) }
        return channel.pipeline.configureHTTPServerPipeline().flatMapThrowing {
          try channel.pipeline.syncOperations.addHandler(Handler(server: self))
        }
      }
      .bind(host: "127.0.0.1", port: 0).get()
    listener.withLock { $0 = channel }
    return channel
  }

  private func close() async throws {
    let open = connections.withLock { $0 } + (listener.withLock { $0 }.map { [$0] } ?? [])
    for channel in open where channel.isActive {
      // Closed by the other side in the meantime: what is asked for.
      try? await channel.close().get()
    }
  }

  private func reply(to question: Question) -> Reply {
    let before = asked.withLock { asked in
      defer { asked.append(question) }
      return asked.count { $0.method == question.method && $0.path == question.path }
    }
    return answer(question, before)
  }

  private final class Handler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let server: ScriptedServer
    private var head: HTTPRequestHead?
    private var body = ""

    init(server: ScriptedServer) { self.server = server }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
      switch unwrapInboundIn(data) {
      case .head(let head):
        self.head = head
        body = ""
      case .body(let part): body += String(decoding: part.readableBytesView, as: UTF8.self)
      case .end:
        guard let head else { return }
        let question = Question(method: head.method, uri: head.uri, headers: head.headers, body: body)
        write(server.reply(to: question), context)
      }
    }

    private func write(_ reply: Reply, _ context: ChannelHandlerContext) {
      var headers = HTTPHeaders(reply.headers)
      if case .whole = reply.ending {
        headers.replaceOrAdd(name: "content-length", value: String(reply.body.utf8.count))
      } else {
        headers.replaceOrAdd(name: "transfer-encoding", value: "chunked")
      }
      let head = HTTPResponseHead(
        version: .http1_1, status: HTTPResponseStatus(statusCode: reply.status), headers: headers)
      context.write(wrapOutboundOut(.head(head)), promise: nil)
      context.writeAndFlush(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(string: reply.body)))), promise: nil)
      switch reply.ending {
      case .whole: context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
      case .cut: context.close(promise: nil)
      case .silence: break
      }
    }
  }
}
