import CLibyaml

enum BareEvents {
  /// How many events libyaml makes of a source: the least that any reader on top of it costs.
  static func count(in bytes: [UInt8]) -> Int {
    var parser = yaml_parser_t()
    guard yaml_parser_initialize(&parser) == 1 else { return 0 }
    defer { yaml_parser_delete(&parser) }
    return bytes.withUnsafeBufferPointer { source in
      yaml_parser_set_input_string(&parser, source.baseAddress, source.count)
      var event = yaml_event_t()
      var count = 0
      var isDone = false
      while !isDone, yaml_parser_parse(&parser, &event) == 1 {
        count += 1
        isDone = event.type == YAML_STREAM_END_EVENT
        yaml_event_delete(&event)
      }
      return count
    }
  }
}
