import Documents

/// A field's path as servers print it in conflicts (sigs.k8s.io/structured-merge-diff, `PathElement.String`): `.key`
/// without quotes, `[name="web",port=80]`, `[="value"]`, `[3]`.
struct ServerFieldPath {
  let text: String

  init(_ text: String) { self.text = text }

  /// The path, where keys with dots in them are told by the object that has them; `nil` where it isn't one.
  func path(in object: Node) -> FieldPath? {
    var rest = Substring(text)
    var node: Node? = object
    var path = FieldPath.root
    while let first = rest.first {
      rest.removeFirst()
      let component: FieldPath.Component?
      switch first {
      case ".": component = .key(Self.takeKey(&rest, of: node))
      case "[": component = Self.takeElement(&rest)
      default: component = nil
      }
      guard let component else { return nil }
      node = node?[FieldPath([component])]
      path = path.appending(component)
    }
    return path
  }

  /// The longest key of the mapping that the text begins with, or what stands before the next dot or bracket.
  private static func takeKey(_ rest: inout Substring, of node: Node?) -> String {
    let ends: (Substring) -> Bool = { $0.isEmpty || $0.first == "." || $0.first == "[" }
    let known = (node?.entries ?? []).map(\.key)
      .filter { key in rest.hasPrefix(key) && ends(rest.dropFirst(key.count)) }
      .max { $0.utf8.count < $1.utf8.count }
    let key = known ?? String(rest.prefix { $0 != "." && $0 != "[" })
    rest = rest.dropFirst(key.count)
    return key
  }

  private static func takeElement(_ rest: inout Substring) -> FieldPath.Component? {
    guard let parts = takeParts(&rest) else { return nil }
    if parts.count == 1, parts[0].key == nil { return Int(parts[0].value).map(FieldPath.Component.index) }
    return .element(
      key: parts.map { $0.key ?? "" }.joined(separator: ","), value: parts.map(\.value).joined(separator: ","))
  }

  /// What stands in brackets, parted by commas; values are JSON.
  private static func takeParts(_ rest: inout Substring) -> [(key: String?, value: String)]? {
    var parts: [(key: String?, value: String)] = []
    while true {
      let head = rest.prefix { $0 != "=" && $0 != "]" && $0 != "," }
      rest = rest[head.endIndex...]
      if rest.first == "=" {
        rest.removeFirst()
        guard let value = takeValue(&rest) else { return nil }
        parts.append((String(head), value))
      } else {
        parts.append((nil, String(head)))
      }
      switch rest.popFirst() {
      case "]": return parts
      case ",": continue
      default: return nil
      }
    }
  }

  private static func takeValue(_ rest: inout Substring) -> String? {
    guard rest.first == "\"" else {
      let bare = rest.prefix { $0 != "," && $0 != "]" }
      rest = rest[bare.endIndex...]
      return String(bare)
    }
    var end = rest.index(after: rest.startIndex)
    while end < rest.endIndex, rest[end] != "\"" {
      end = rest.index(end, offsetBy: rest[end] == "\\" ? 2 : 1, limitedBy: rest.endIndex) ?? rest.endIndex
    }
    guard end < rest.endIndex else { return nil }
    let quoted = rest[...end]
    rest = rest[rest.index(after: end)...]
    return (try? AnswerReader.standard.root(of: Array(quoted.utf8)))?.text
  }
}
