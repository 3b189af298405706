import Testing

@Suite struct ProcessesTests {}
