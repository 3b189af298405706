import ArgumentParser
import MooringModel

/// What verbs that read history are asked about.
struct SubjectArguments: ParsableArguments {
  @Argument(help: "The environment.")
  var environment: EnvironmentName

  @Argument(help: "A resource, as deployment/shop/web, or a file by its path.")
  var subject: String
}
