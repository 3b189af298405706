import Testing

@Suite struct MooringModelTests {}
