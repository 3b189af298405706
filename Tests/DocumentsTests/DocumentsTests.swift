import Testing

@Suite struct DocumentsTests {}
