import Documents

/// A mapping with some of its entries made otherwise; what is none stays as it is.
extension FieldValue {
  subscript(key: String) -> FieldValue? {
    guard case .mapping(let entries) = self else { return nil }
    return entries.first { $0.key == key }?.value
  }

  /// What stands below a key, made something else; as it is where nothing does.
  func changing(_ key: String, _ change: (FieldValue) -> FieldValue) -> FieldValue {
    guard case .mapping(let entries) = self else { return self }
    return .mapping(entries.map { $0.key == key ? Entry(key: key, value: change($0.value)) : $0 })
  }

  func removing(_ keys: [String]) -> FieldValue {
    guard case .mapping(let entries) = self else { return self }
    return .mapping(entries.filter { !keys.contains($0.key) })
  }

  func setting(_ key: String, _ text: String) -> FieldValue {
    guard case .mapping(let entries) = removing([key]) else { return self }
    return .mapping(entries + [Entry(key: key, value: .scalar(.string(text)))])
  }
}
