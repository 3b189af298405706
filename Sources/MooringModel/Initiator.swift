/// Who or what caused an act.
public struct Initiator: Hashable, Sendable, Codable, CustomStringConvertible {
  public enum Kind: String, Sendable, Codable { case person, watcher, schedule }
  /// The way by which a person came in.
  public enum Door: String, Sendable, Codable { case command, api, page }

  public var kind: Kind
  /// The login of a person, and their name in Git where it is known: `ann`, `Ann Lee <ann@example.com>`.
  public var name: String
  public var door: Door?

  public init(kind: Kind, name: String, door: Door? = nil) {
    self.kind = kind
    self.name = name
    self.door = door
  }

  public static let watcher = Initiator(kind: .watcher, name: "mooring")
  public var description: String { name }
}
