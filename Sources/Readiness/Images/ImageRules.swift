import Documents

/// Images that can change under a release that names them.
struct ImageRules {
  /// Names for which a kustomization has others: what stands there isn't what runs.
  var replaced: Set<String> = []

  /// What is new in a file: images that its base names at the same field are left out.
  func findings(in file: Change.File) -> [Finding] {
    guard let head = file.head else { return [] }
    let before = Set(images(file.base ?? [], file.path).map { "\($0.field) \($0.text)" })
    return images(head, file.path).filter { !before.contains("\($0.field) \($0.text)") }
      .compactMap { finding(for: $0, in: file.path) }
  }

  /// A file that can't be read is refused where it is rendered, and says so there.
  private func images(_ bytes: [UInt8], _ path: String) -> [NamedImage] {
    do throws(DocumentError) { return try NamedImage.all(in: bytes, path: path) } catch { return [] }
  }

  func finding(for image: NamedImage, in path: String) -> Finding? {
    let place = Place(file: path, line: image.line, field: image.field.description)
    // What a template fills in is judged where it is rendered.
    guard !image.text.contains("{{"), !image.text.contains("$") else { return nil }
    guard let reference = ContainerImage(image.text) else {
      return Finding(.imageMutable, at: place, "\(image.text.prefix(200).debugDescription) isn't the name of an image")
    }
    if reference.isFixed || (!NamedImage.isKustomization(path) && isReplaced(reference, image.text)) { return nil }
    guard let tag = reference.tag, tag != "latest" else {
      return Finding(
        .imageLatest, at: place, "\(image.text) is whatever was pushed last: going back to this release would run that")
    }
    return Finding(
      .imageMutable, at: place, "the tag \(tag) of \(image.text) can be pushed again, and mean another image")
  }

  private func isReplaced(_ reference: ContainerImage, _ text: String) -> Bool {
    let name = text.prefix { $0 != "@" }
    let bare = reference.tag.map { String(name.dropLast($0.count + 1)) } ?? String(name)
    return replaced.contains(bare)
  }
}
