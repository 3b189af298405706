import MooringModel
import Readiness
import Registries

/// What registries say of images today.
struct ImageLookup {
  let client: RegistryClient
  private(set) var answers: [RegistryImage: Result<RegistryAnswer, RegistryError>] = [:]

  init(_ client: RegistryClient) { self.client = client }

  /// Asks once about each image of a registry that is listed.
  mutating func ask(_ images: [ContainerImage]) async throws {
    let new = Set(images.map(Self.name)).filter { client.knows($0.host) && answers[$0] == nil }
    answers.merge(try await client.answers(to: new)) { $1 }
  }

  /// - Parameter recorded: The digest that a tag had when it was released.
  func state(of image: ContainerImage, recorded: String?) -> Standing.Image.State? {
    switch answers[Self.name(image)] {
    case nil: nil
    case .failure(let error): .unknown(error.description)
    case .success(.missing): .gone
    case .success(.found(let digest)):
      if image.digest == nil, let recorded, recorded != digest { .moved(from: recorded, to: digest) } else { .present }
    }
  }

  /// The digest that the name stands for.
  func digest(of image: ContainerImage) -> String? {
    guard case .success(.found(let digest)) = answers[Self.name(image)] else { return nil }
    return digest
  }

  private static func name(_ image: ContainerImage) -> RegistryImage {
    RegistryImage(host: image.host, path: image.path, reference: image.digest ?? image.tag ?? "latest")
  }
}
