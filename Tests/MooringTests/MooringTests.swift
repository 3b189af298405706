import Testing

@Suite struct MooringTests {}
