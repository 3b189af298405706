import Testing

@Suite struct GitTests {}
