/// The pages of a list, each asked for when it is wanted.
///
/// Servers keep a list's state for minutes only. Where it is lost in between, the list begins again, and the page says
/// so with `isRestart`; after three times the error is thrown.
public struct ObjectPages: AsyncSequence, Sendable {
  public typealias Element = ObjectPage
  public typealias Failure = KubernetesError

  static let mostRestarts = 3

  let client: APIClient
  let resource: APIResource
  let namespace: String?
  let selector: ObjectSelector
  var metadataOnly = false

  public func makeAsyncIterator() -> Iterator { Iterator(pages: self) }

  public struct Iterator: AsyncIteratorProtocol {
    private enum Position {
      case start(isRestart: Bool)
      case after(String)
      case end
    }

    private let pages: ObjectPages
    private var position = Position.start(isRestart: false)
    private var restarts = 0

    init(pages: ObjectPages) { self.pages = pages }

    public mutating func next() async throws -> ObjectPage? { try await next(isolation: nil) }

    public mutating func next(
      isolation actor: isolated (any Actor)?
    ) async throws(KubernetesError) -> ObjectPage? {
      switch position {
      case .end: return nil
      case .start(let isRestart):
        var page = try await fetch(from: nil, isolation: actor)
        page.isRestart = isRestart
        return page
      case .after(let token):
        do { return try await fetch(from: token, isolation: actor) } catch {
          guard error.code == .expired, restarts < ObjectPages.mostRestarts else { throw error }
        }
        restarts += 1
        position = .start(isRestart: true)
        return try await next(isolation: actor)
      }
    }

    private mutating func fetch(
      from token: String?, isolation actor: isolated (any Actor)?
    ) async throws(KubernetesError) -> ObjectPage {
      let page = try await pages.client.page(
        of: pages.resource, namespace: pages.namespace, selector: pages.selector, from: token,
        metadataOnly: pages.metadataOnly)
      position = page.next.map(Position.after) ?? .end
      return page
    }
  }
}
