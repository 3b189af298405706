import Foundation

enum FoundationJSON {
  /// How many members the object at the top has, once Foundation has read it all.
  static func count(in bytes: Data) -> Int {
    let root = try? JSONSerialization.jsonObject(with: bytes)
    return (root as? [String: Any])?.count ?? 0
  }
}
