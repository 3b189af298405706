import Testing

@Suite struct HostTargetTests {}
