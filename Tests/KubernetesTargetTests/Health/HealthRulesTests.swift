import Documents
import Kubernetes
import Testing

@testable import KubernetesTarget

@Suite("How objects are") struct HealthRulesTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var kind: String
    var what: String
    /// Besides kind and name, as a mapping's entries.
    var fields: String
    var status: ObjectHealth.Status
    /// A part of the reason.
    var reason: String?

    init(_ kind: String, _ what: String, _ fields: String, _ status: ObjectHealth.Status, _ reason: String? = nil) {
      (self.kind, self.what, self.fields, self.status, self.reason) = (kind, what, fields, status, reason)
    }

    var testDescription: String { "\(kind): \(what)" }
  }

  static let workloads: [Case] = [
    Case("apps/v1 Deployment", "new", "spec: {replicas: 1}", .progressing, "0 of 1 replicas"),
    Case(
      "apps/v1 Deployment", "not seen yet", "metadata: {generation: 2}, status: {observedGeneration: 1}", .progressing,
      "hasn't seen"),
    Case(
      "apps/v1 Deployment", "some are updated", "spec: {replicas: 3}, status: {updatedReplicas: 1, replicas: 4}",
      .progressing, "1 of 3 replicas are updated"),
    Case(
      "apps/v1 Deployment", "old ones are left", "spec: {replicas: 1}, status: {updatedReplicas: 1, replicas: 2}",
      .progressing, "1 old replicas"),
    Case(
      "apps/v1 Deployment", "not available", "spec: {replicas: 1}, status: {updatedReplicas: 1, replicas: 1}",
      .progressing, "0 of 1 updated replicas are available"),
    Case(
      "apps/v1 Deployment", "there",
      "spec: {replicas: 1}, status: {updatedReplicas: 1, replicas: 1, availableReplicas: 1, readyReplicas: 1, conditions: [{type: Available, status: 'True'}]}",
      .healthy),
    Case(
      "apps/v1 Deployment", "there, and not yet said to be",
      "spec: {replicas: 1, progressDeadlineSeconds: 600}, status: {updatedReplicas: 1, replicas: 1, availableReplicas: 1, readyReplicas: 1, conditions: [{type: Available, status: 'True'}, {type: Progressing, status: 'True', reason: ReplicaSetUpdated}]}",
      .progressing, "ReplicaSetUpdated"),
    Case(
      "apps/v1 Deployment", "paused when all is done",
      "spec: {paused: true, progressDeadlineSeconds: 600, replicas: 1}, status: {updatedReplicas: 1, replicas: 1, availableReplicas: 1, readyReplicas: 1, conditions: [{type: Available, status: 'True'}, {type: Progressing, status: Unknown, reason: DeploymentPaused}]}",
      .healthy),
    Case("apps/v1 Deployment", "scaled to zero", "spec: {replicas: 0}, status: {}", .healthy),
    Case(
      "apps/v1 Deployment", "paused", "spec: {paused: true}, status: {}", .suspended,
      "paused: 0 of 1 replicas are updated"),
    Case(
      "apps/v1 Deployment", "too late",
      "status: {conditions: [{type: Progressing, status: 'False', reason: ProgressDeadlineExceeded, message: too slow}]}",
      .degraded, "ProgressDeadlineExceeded: too slow"),
    Case(
      "apps/v1 Deployment", "over a quota", "status: {conditions: [{type: ReplicaFailure, status: 'True', reason: Q}]}",
      .progressing, "Q"),
    Case(
      "apps/v1 StatefulSet", "some ready", "spec: {replicas: 3}, status: {readyReplicas: 1}", .progressing, "1 of 3"),
    Case(
      "apps/v1 StatefulSet", "too many", "spec: {replicas: 1}, status: {readyReplicas: 1, replicas: 2}", .progressing),
    Case(
      "apps/v1 StatefulSet", "being updated",
      "spec: {replicas: 1}, status: {readyReplicas: 1, replicas: 1, currentReplicas: 1, currentRevision: a, updateRevision: b}",
      .progressing, "being updated"),
    Case(
      "apps/v1 StatefulSet", "there",
      "spec: {replicas: 1}, status: {readyReplicas: 1, replicas: 1, currentReplicas: 1, currentRevision: b, updateRevision: b}",
      .healthy),
    Case(
      "apps/v1 StatefulSet", "one is still of before",
      "spec: {replicas: 2, updateStrategy: {rollingUpdate: {partition: 0}}}, status: {readyReplicas: 2, replicas: 2, updatedReplicas: 1}",
      .progressing, "1 of 2 replicas are updated"),
    Case(
      "apps/v1 StatefulSet", "a part is updated",
      "spec: {replicas: 3, updateStrategy: {rollingUpdate: {partition: 2}}}, status: {readyReplicas: 3, replicas: 3, updatedReplicas: 1}",
      .healthy),
    Case("apps/v1 StatefulSet", "on delete", "spec: {updateStrategy: {type: OnDelete}}, status: {}", .healthy),
    Case("apps/v1 DaemonSet", "new", "spec: {}", .progressing, "not scheduled"),
    Case(
      "apps/v1 DaemonSet", "new, as a server answers",
      "metadata: {generation: 1}, status: {desiredNumberScheduled: 0, currentNumberScheduled: 0}", .progressing,
      "not scheduled"),
    Case(
      "apps/v1 DaemonSet", "on some nodes",
      "status: {observedGeneration: 1, desiredNumberScheduled: 2, currentNumberScheduled: 1}", .progressing,
      "on 1 of 2"),
    Case(
      "apps/v1 DaemonSet", "some updated",
      "status: {observedGeneration: 1, desiredNumberScheduled: 2, currentNumberScheduled: 2, updatedNumberScheduled: 1}",
      .progressing, "1 of 2"),
    Case(
      "apps/v1 DaemonSet", "some available",
      "status: {observedGeneration: 1, desiredNumberScheduled: 2, currentNumberScheduled: 2, updatedNumberScheduled: 2, numberAvailable: 1}",
      .progressing, "available on 1 of 2"),
    Case(
      "apps/v1 DaemonSet", "some ready",
      "status: {observedGeneration: 1, desiredNumberScheduled: 2, currentNumberScheduled: 2, updatedNumberScheduled: 2, numberAvailable: 2, numberReady: 1}",
      .progressing, "ready on 1 of 2"),
    Case(
      "apps/v1 DaemonSet", "there",
      "status: {observedGeneration: 1, desiredNumberScheduled: 2, currentNumberScheduled: 2, updatedNumberScheduled: 2, numberAvailable: 2, numberReady: 2}",
      .healthy),
    Case(
      "apps/v1 ReplicaSet", "there",
      "spec: {replicas: 1}, status: {replicas: 1, availableReplicas: 1, readyReplicas: 1}",
      .healthy),
    Case(
      "apps/v1 ReplicaSet", "some", "spec: {replicas: 2}, status: {replicas: 2, availableReplicas: 1}", .progressing),
    Case("batch/v1 Job", "new", "status: {}, spec: {completions: 2}", .progressing, "not started"),
    Case("batch/v1 Job", "at work", "status: {startTime: '2026-01-01T00:00:00Z', succeeded: 1}, spec: {}", .healthy),
    Case("batch/v1 Job", "done", "status: {conditions: [{type: Complete, status: 'True'}]}", .healthy),
    Case(
      "batch/v1 Job", "failed", "status: {conditions: [{type: Failed, status: 'True', reason: BackoffLimitExceeded}]}",
      .degraded, "BackoffLimitExceeded"),
    Case("batch/v1 Job", "suspended", "status: {conditions: [{type: Suspended, status: 'True'}]}", .suspended),
    Case("batch/v1beta1 CronJob", "there", "status: {}", .healthy),
    Case("v1 Pod", "new", "status: {phase: Pending}", .progressing, "starting"),
    Case(
      "v1 Pod", "no node",
      "status: {phase: Pending, conditions: [{type: PodScheduled, status: 'False', reason: Unschedulable, message: no room}]}",
      .progressing, "Unschedulable: no room"),
    Case(
      "v1 Pod", "no image",
      "status: {phase: Pending, containerStatuses: [{image: 'checkout:9f3', state: {waiting: {reason: ImagePullBackOff}}}]}",
      .degraded, "ImagePullBackOff checkout:9f3"),
    Case(
      "v1 Pod", "ends again and again",
      "status: {phase: Running, containerStatuses: [{image: a, restartCount: 4, state: {waiting: {reason: CrashLoopBackOff}}}]}",
      .degraded, "CrashLoopBackOff a, restarted 4 times"),
    Case(
      "v1 Pod", "an init container failed",
      "status: {phase: Pending, initContainerStatuses: [{image: a, state: {terminated: {exitCode: 3}}}]}", .degraded,
      "exit status 3"),
    Case("v1 Pod", "not ready", "status: {phase: Running}", .progressing, "not ready"),
    Case("v1 Pod", "ready", "status: {phase: Running, conditions: [{type: Ready, status: 'True'}]}", .healthy),
    Case("v1 Pod", "done", "status: {phase: Succeeded}", .healthy),
    Case("v1 Pod", "failed", "status: {phase: Failed, reason: Evicted}", .degraded, "Evicted"),
  ]

  static let others: [Case] = [
    Case("v1 ConfigMap", "there", "data: {}", .healthy),
    Case("v1 ConfigMap", "going", "metadata: {deletionTimestamp: '2026-01-01T00:00:00Z'}", .progressing, "deleted"),
    Case("v1 PersistentVolumeClaim", "waits", "status: {phase: Pending}", .progressing, "not bound"),
    Case("v1 PersistentVolumeClaim", "bound", "status: {phase: Bound}", .healthy),
    Case("v1 PersistentVolumeClaim", "lost", "status: {phase: Lost}", .degraded),
    Case("v1 Service", "within", "spec: {type: ClusterIP}", .healthy),
    Case("v1 Service", "no address", "spec: {type: LoadBalancer}, status: {loadBalancer: {}}", .healthy),
    Case("apiextensions.k8s.io/v1 CustomResourceDefinition", "new", "spec: {}", .progressing, "not established"),
    Case(
      "apiextensions.k8s.io/v1 CustomResourceDefinition", "there",
      "status: {conditions: [{type: Established, status: 'True'}]}", .healthy),
    Case(
      "apiextensions.k8s.io/v1 CustomResourceDefinition", "a name that is taken",
      "status: {conditions: [{type: NamesAccepted, status: 'False', reason: PluralConflict}]}", .degraded,
      "PluralConflict"),
    Case(
      "apiregistration.k8s.io/v1 APIService", "there", "status: {conditions: [{type: Available, status: 'True'}]}",
      .healthy),
    Case(
      "argoproj.io/v1alpha1 Rollout", "paused", "status: {phase: Paused, message: CanaryPause}", .suspended, "Canary"),
    Case("argoproj.io/v1alpha1 Rollout", "bad", "status: {phase: Degraded, message: aborted}", .degraded, "aborted"),
    Case("argoproj.io/v1alpha1 Rollout", "good", "status: {phase: Healthy}", .healthy),
    Case(
      "argoproj.io/v1alpha1 Rollout", "good before the last change",
      "metadata: {generation: 3}, status: {observedGeneration: '2', phase: Healthy}", .progressing, "hasn't seen"),
    Case(
      "argoproj.io/v1alpha1 Rollout", "bad before the last change",
      "metadata: {generation: 3}, status: {observedGeneration: '2', phase: Degraded}", .progressing, "hasn't seen"),
    Case(
      "argoproj.io/v1alpha1 Rollout", "good after it",
      "metadata: {generation: 3}, status: {observedGeneration: '3', phase: Healthy}", .healthy),
    Case(
      "argoproj.io/v1alpha1 Rollout", "of before 0.10",
      "metadata: {generation: 3}, status: {observedGeneration: 78fc4b5d8, phase: Healthy}", .healthy),
    Case(
      "argoproj.io/v1alpha1 Rollout", "of a workload that was changed",
      "metadata: {generation: 1, annotations: {rollout.argoproj.io/workload-generation: '4'}}, status: {observedGeneration: '1', workloadObservedGeneration: '3', phase: Healthy}",
      .progressing, "workload's last change"),
    Case("flagger.app/v1beta1 Canary", "at work", "status: {phase: Progressing}", .progressing),
    Case("flagger.app/v1beta1 Canary", "failed", "status: {phase: Failed}", .degraded),
    Case("flagger.app/v1beta1 Canary", "done", "status: {phase: Succeeded}", .healthy),
    Case("example.com/v1 Widget", "says nothing", "spec: {}", .healthy),
    Case("example.com/v1 Widget", "ready", "status: {conditions: [{type: Ready, status: 'True'}]}", .healthy),
    Case(
      "example.com/v1 Widget", "not ready",
      "status: {conditions: [{type: Ready, status: 'False', reason: Waits, message: for it}]}", .progressing,
      "Waits: for it"),
    Case(
      "example.com/v1 Widget", "stalled",
      "status: {conditions: [{type: Stalled, status: 'True', reason: Bad}, {type: Ready, status: 'True'}]}", .degraded,
      "Bad"),
    Case(
      "example.com/v1 Widget", "reconciling", "status: {conditions: [{type: Reconciling, status: 'True'}]}",
      .progressing, "reconciling"),
  ]

  private func health(_ one: Case, _ rules: HealthRules = HealthRules()) throws -> ObjectHealth {
    let words = one.kind.split(separator: " ")
    let metadata = one.fields.contains("metadata: {") ? "" : "metadata: {name: a}, "
    let fields = one.fields.replacing("metadata: {", with: "metadata: {name: a, ")
    return rules.health(
      of: try Release.object("{apiVersion: \(words[0]), kind: \(words[1]), \(metadata)\(fields)}"))
  }

  @Test(arguments: workloads + others) func isToldWithAReason(_ one: Case) throws {
    let health = try health(one)
    #expect(health.status == one.status)
    if let reason = one.reason { #expect(health.reason?.contains(reason) == true, "\(health.reason ?? "none")") }
  }

  @Test func aJobThatOthersWaitForHasToEnd() throws {
    let job = Case(
      "batch/v1 Job", "at work",
      "status: {startTime: '2026-01-01T00:00:00Z', succeeded: 1}, spec: {completions: 2}", .progressing)
    let health = try health(job, HealthRules().awaiting(.finished))
    #expect(health == .progressing("1 of 2 pods have succeeded"))
  }

  @Test func whatTheControllerHasNotSeenIsNotJudgedByTheOperatorsRulesEither() throws {
    let rules = HealthRules([
      ConfiguredHealth(kind: "Rollout", field: FieldPath(keys: "status", "phase"), healthy: ["Healthy", "Paused"])
    ])
    func status(_ observed: Int) throws -> ObjectHealth.Status {
      let fields = "metadata: {generation: 2}, status: {observedGeneration: '\(observed)', phase: Paused}"
      return try health(Case("argoproj.io/v1alpha1 Rollout", "", fields, .healthy), rules).status
    }
    #expect(try status(1) == .progressing)
    #expect(try status(2) == .healthy, "who configures it takes a paused one as it is")
  }

  @Test(arguments: [
    ("status: {phase: Good}", ObjectHealth.Status.healthy), ("status: {phase: Bad}", .degraded),
    ("status: {phase: Half}", .progressing), ("spec: {}", .progressing),
  ]) func isAsTheOperatorSaysOfAKind(_ fields: String, _ status: ObjectHealth.Status) throws {
    let rules = HealthRules([
      ConfiguredHealth(
        kind: "Widget.example.com", field: FieldPath(keys: "status", "phase"), healthy: ["Good"], degraded: ["Bad"])
    ])
    #expect(try health(Case("example.com/v1 Widget", "", fields, status), rules).status == status)
    #expect(try health(Case("other.com/v1 Widget", "", fields, .healthy), rules).status == .healthy)
  }
}
