import Hummingbird
import HummingbirdCore
import HummingbirdTLS
public import Logging
public import Mooring
import MooringModel
import NIOCore
import NIOSSL

/// The HTTP server of a watcher.
public struct WatcherServer: Sendable {
  private let options: ServerOptions
  private let pulse: WatcherPulse
  private let audit: AuditIntake
  private let logger: Logger
  private let limits: ServerLimits

  /// - Parameter audit: Who takes what API servers tell.
  public init(_ options: ServerOptions, pulse: WatcherPulse, audit: AuditIntake, logger: Logger) {
    self.init(options, pulse: pulse, audit: audit, logger: logger, limits: ServerLimits())
  }

  init(
    _ options: ServerOptions, pulse: WatcherPulse, audit: AuditIntake, logger: Logger, limits: ServerLimits
  ) {
    self.options = options
    self.pulse = pulse
    self.audit = audit
    self.logger = logger
    self.limits = limits
  }

  /// Serves while `body` runs, which begins when requests are answered.
  ///
  /// - Parameter body: Is told the port.
  /// - Throws: `Fault` where it can't be served: the address is taken, a file of the configuration can't be used. And
  ///   what `body` throws.
  public func run(while body: @escaping @Sendable (_ port: Int) async throws -> Void) async throws {
    for source in options.audit { _ = try BearerToken(file: source.tokenFile).read() }
    let (ports, bound) = AsyncStream<Int>.makeStream()
    let application = try application { bound.yield($0) }
    try await withThrowingTaskGroup { group in
      group.addTask {
        defer { bound.finish() }
        try await serve(application)
      }
      group.addTask {
        for await port in ports {
          for source in options.audit { audit.open(source.cluster) }
          logger.notice("serving", metadata: ["address": "\(options.listen.with(port: port))"])
          try await hearing { try await body(port) }
          return
        }
      }
      try await group.next()
      group.cancelAll()
      try await group.waitForAll()
    }
  }

  /// Sees whether API servers tell all while `body` runs.
  private func hearing(_ body: () async throws -> Void) async throws {
    try await withThrowingTaskGroup { group in
      for source in options.audit {
        group.addTask { [audit, logger] in
          await audit.hear(source.cluster) { logger.warning("\($0)") }
        }
      }
      try await body()
      group.cancelAll()
    }
  }

  private func serve(_ application: some ApplicationProtocol) async throws {
    do {
      try await application.run()
    } catch is CancellationError {
      return
    } catch {
      if Task.isCancelled { return }
      throw Fault(
        .configuration, "can't be served: \(error)", at: options.listen.description,
        remedy: "choose another address (`server.listen`), or end what has it")
    }
  }

  private func application(_ bound: @escaping @Sendable (Int) -> Void) throws -> some ApplicationProtocol {
    var quiet = logger
    quiet.logLevel = .error
    return Application(
      router: router(), server: try builder(),
      configuration: ApplicationConfiguration(
        address: .hostname(options.listen.host, port: options.listen.port),
        availableConnectionsDelegate: .maximum(limits.connections, logger: quiet)),
      onServerRunning: { bound($0.localAddress?.port ?? options.listen.port) }, logger: quiet)
  }

  private func router() -> Router<DoorContext> {
    let router = Router(context: DoorContext.self)
    router.add(middleware: DeadlineMiddleware(limits: limits))
    let probes = Probes(pulse: pulse)
    router.get("healthz") { _, _ in probes.health() }
    router.get("readyz") { _, _ in probes.readiness() }
    if !options.audit.isEmpty {
      let receiver = AuditReceiver(options.audit, audit, limits, RefusalLog(logger))
      router.post(RouterPath(AuditReceiver.path)) { request, context in await receiver.receive(request, context) }
    }
    return router
  }

  private func builder() throws -> HTTPServerBuilder {
    let decoder = HTTP1Channel.Configuration.DecoderConfiguration(
      maxHeaderFieldSize: limits.headers, maxHeaderListSize: limits.headers, maxHeaderFieldCount: 100)
    let http = HTTPServerBuilder.http1(
      configuration: .init(idleTimeout: limits.idle, httpDecoderConfiguration: decoder))
    guard let tls = options.tls else { return http }
    do {
      let certificates = try NIOSSLCertificate.fromPEMFile(tls.certificate).map {
        NIOSSLCertificateSource.certificate($0)
      }
      let key = try NIOSSLPrivateKey(file: tls.key, format: .pem)
      return try .tls(
        http, tlsConfiguration: .makeServerConfiguration(certificateChain: certificates, privateKey: .privateKey(key)))
    } catch {
      throw Fault(
        .configuration, "the certificate or its key can't be used: \(error)", at: "\(tls.certificate), \(tls.key)",
        remedy: "name PEM files that belong together: `server.tls`")
    }
  }
}
