import CLibyaml

/// libyaml's parser over bytes that outlive it: pulls events one by one, and frees what they hold.
///
/// Never leaves the call that made it, so it needs no protection against other threads.
final class YAMLEventSource {
  private let parser = UnsafeMutablePointer<yaml_parser_t>.allocate(capacity: 1)
  private let current = UnsafeMutablePointer<yaml_event_t>.allocate(capacity: 1)

  /// nil when libyaml has no memory.
  init?(_ input: UnsafeBufferPointer<UInt8>) {
    parser.initialize(to: yaml_parser_t())
    current.initialize(to: yaml_event_t())
    guard yaml_parser_initialize(parser) == 1 else {
      return nil
    }
    yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
    yaml_parser_set_input_string(parser, input.baseAddress, input.count)
  }

  deinit {
    yaml_event_delete(current)
    yaml_parser_delete(parser)
    current.deallocate()
    parser.deallocate()
  }

  /// The next event, valid until the next call; nil when the source breaks YAML's grammar.
  func next() -> UnsafePointer<yaml_event_t>? {
    yaml_event_delete(current)
    return yaml_parser_parse(parser, current) == 1 ? UnsafePointer(current) : nil
  }

  /// What libyaml says is wrong, and at which character.
  var failure: (message: String, character: Int) {
    let problem = parser.pointee.problem.map { String(cString: $0) } ?? "not YAML"
    let context = parser.pointee.context.map { String(cString: $0) + ": " } ?? ""
    return (context + problem, Int(clamping: parser.pointee.problem_mark.index))
  }
}
