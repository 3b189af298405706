import Mooring
import MooringModel
import Testing

/// Reading `target.kubernetes.lease` of `mooring.yaml`.
@Suite struct LeaseConfigurationTests {
  private func duration(_ lease: String) throws -> Duration? {
    let text = """
      repositories: { config: { url: /srv/git } }
      environments: { production: { repository: config, target: { kubernetes: { kubeconfig: /k\(lease) } } } }
      """
    let configuration = try ConfigurationFile.parse(Array(text.utf8), path: "/etc/mooring/mooring.yaml")
    guard case .kubernetes(let options)? = configuration.environments[try EnvironmentName("production")]?.target else {
      return nil
    }
    return options.leaseDuration
  }

  @Test(arguments: [
    ("", 30), (", lease: {}", 30), (", lease: { duration: 2s }", 2), (", lease: { duration: 1h }", 3600),
  ])
  func aLeaseLastsHalfAMinuteUnlessItIsToldOtherwise(_ lease: String, _ seconds: Int) throws {
    #expect(try duration(lease) == .seconds(seconds))
  }

  @Test(arguments: [(1, "", 30), (200, "", 30), (1_000, "", 150), (1_000, ", lease: { duration: 20s }", 20)])
  func manyEnvironmentsTogetherRenewTheirLeasesTwentyTimesASecond(
    _ count: Int, _ lease: String, _ seconds: Int
  ) throws {
    let environments = (1...count).map {
      "  e\($0): { repository: config, target: { kubernetes: { kubeconfig: /k\(lease) } } }"
    }
    let text = "repositories: { config: { url: /srv/git } }\nenvironments:\n" + environments.joined(separator: "\n")
    let configuration = try ConfigurationFile.parse(Array(text.utf8), path: "/etc/mooring/mooring.yaml")
    for environment in configuration.environments.values {
      guard case .kubernetes(let options) = environment.target else { continue }
      #expect(options.leaseDuration == .seconds(seconds))
    }
  }

  @Test(arguments: [
    (", lease: { duration: 1s }", "should be from 2s to 1h"), (", lease: { duration: 61m }", "should be from 2s to 1h"),
    (", lease: { durations: 2s }", "did you mean \"duration\"?"), (", lease: 2s", "should be a mapping"),
  ])
  func whatIsWrongIsNamed(_ lease: String, _ problem: String) {
    do {
      _ = try duration(lease)
      Issue.record("nothing is wrong with it")
    } catch {
      #expect("\(error)".contains(problem), "\(error)")
    }
  }

  @Test func othersWaitLongerThanAHolderGoesOn() {
    for seconds in [2, 30, 3600] {
      let timing = ClaimTiming(duration: .seconds(seconds))
      #expect(timing.renewal + timing.retry < timing.allowance)
      #expect(timing.allowance + timing.look < timing.duration)
    }
  }
}
