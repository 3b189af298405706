/// Manifests of many kinds as people write them: with what servers fill in left out, and with other spellings than the
/// server's. `NAMESPACE` is replaced. All of them are kinds of Kubernetes 1.20.
enum Corpus {
  static let text = """
    {apiVersion: v1, kind: ConfigMap, metadata: {name: config, labels: {n: "1"}}, data: {empty: "", amount: 1000m}, binaryData: {b: aGk=}}
    ---
    apiVersion: v1
    kind: Secret
    metadata: {name: secret, creationTimestamp: null}
    stringData: {word: hunter2}
    data:
      long: |
        YWJj
        ZGVm
    ---
    {apiVersion: v1, kind: ServiceAccount, metadata: {name: account}, automountServiceAccountToken: false, imagePullSecrets: [{name: pull}]}
    ---
    apiVersion: v1
    kind: Service
    metadata: {name: web}
    spec: {selector: {app: web}, ports: [{name: http, port: 80, targetPort: http}, {name: dns, port: 53, protocol: UDP}]}
    ---
    {apiVersion: v1, kind: Service, metadata: {name: headless}, spec: {clusterIP: None, publishNotReadyAddresses: false, ports: [{port: 80}]}}
    ---
    {apiVersion: v1, kind: Service, metadata: {name: outside}, spec: {type: NodePort, externalTrafficPolicy: Local, ports: [{port: 443}]}}
    ---
    {apiVersion: v1, kind: Endpoints, metadata: {name: manual}, subsets: [{addresses: [{ip: 192.0.2.1}], ports: [{port: 80}]}]}
    ---
    {apiVersion: v1, kind: LimitRange, metadata: {name: limits}, spec: {limits: [{type: Container, max: {cpu: "8000m"}, defaultRequest: {memory: 1024Ki}}]}}
    ---
    {apiVersion: v1, kind: ResourceQuota, metadata: {name: quota}, spec: {hard: {requests.storage: 2048Gi, count/events: 1e6}}}
    ---
    apiVersion: v1
    kind: PersistentVolumeClaim
    metadata: {name: claim}
    spec: {accessModes: [ReadWriteOnce], storageClassName: "", resources: {requests: {storage: 1024Mi}}}
    ---
    apiVersion: v1
    kind: PersistentVolume
    metadata: {name: NAMESPACE-volume}
    spec: {capacity: {storage: 2048Mi}, accessModes: [ReadWriteOnce], hostPath: {path: /data}, storageClassName: other}
    ---
    apiVersion: v1
    kind: Pod
    metadata: {name: pod}
    spec:
      containers: [{name: a, image: "r/a:1", resources: {limits: {cpu: 1000m, memory: 0.5Gi}}, securityContext: {}}]
      tolerations: [{key: x, operator: Exists}]
    ---
    {apiVersion: v1, kind: PodTemplate, metadata: {name: template}, template: {metadata: {labels: {a: b}}, spec: {containers: [{name: a, image: "r/a:1"}]}}}
    ---
    apiVersion: v1
    kind: ReplicationController
    metadata: {name: controller}
    spec: {replicas: 0, selector: {app: rc}, template: {metadata: {labels: {app: rc}}, spec: {containers: [{name: a, image: "r/a:1"}]}}}
    ---
    apiVersion: apps/v1
    kind: Deployment
    metadata: {name: web, creationTimestamp: null}
    spec:
      replicas: 1
      minReadySeconds: 0
      paused: false
      strategy: {}
      selector: {matchLabels: {app: web}}
      template:
        metadata: {labels: {app: web}, creationTimestamp: null}
        spec:
          hostNetwork: false
          securityContext: {}
          initContainers: [{name: init, image: "r/init:1", args: []}]
          containers:
            - name: web
              image: r/web:1
              ports: [{name: http, containerPort: 8080}, {containerPort: 53, protocol: UDP}]
              env:
                - {name: A, value: "1"}
                - {name: EMPTY, value: ""}
                - {name: B, valueFrom: {fieldRef: {fieldPath: metadata.name}}}
                - {name: C, valueFrom: {configMapKeyRef: {name: config, key: amount}}}
                - {name: D, valueFrom: {resourceFieldRef: {resource: limits.cpu, divisor: 1000m}}}
              resources: {limits: {cpu: 2, memory: 1024Mi}, requests: {cpu: .5}}
              livenessProbe: {httpGet: {path: /, port: http}, initialDelaySeconds: 0}
              readinessProbe: {tcpSocket: {port: 8080}}
              volumeMounts: [{name: config, mountPath: /etc/config, readOnly: false}, {name: scratch, mountPath: /tmp}]
              securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}
          volumes: [{name: config, configMap: {name: config, optional: true}}, {name: scratch, emptyDir: {sizeLimit: 1024Mi}}]
          topologySpreadConstraints: [{maxSkew: 1, topologyKey: zone, whenUnsatisfiable: ScheduleAnyway, labelSelector: {matchLabels: {app: web}}}]
          affinity: {}
          terminationGracePeriodSeconds: 0
    status: {}
    ---
    apiVersion: apps/v1
    kind: StatefulSet
    metadata: {name: db}
    spec:
      serviceName: headless
      replicas: 0
      selector: {matchLabels: {app: db}}
      template: {metadata: {labels: {app: db}}, spec: {containers: [{name: db, image: "r/db:1"}]}}
      volumeClaimTemplates: [{metadata: {name: data}, spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1024Mi}}}}]
    ---
    apiVersion: apps/v1
    kind: DaemonSet
    metadata: {name: agent}
    spec:
      selector: {matchLabels: {app: agent}}
      template: {metadata: {labels: {app: agent}}, spec: {nodeSelector: {never: "there"}, containers: [{name: a, image: "r/a:1"}]}}
    ---
    apiVersion: apps/v1
    kind: ReplicaSet
    metadata: {name: set}
    spec: {replicas: 0, selector: {matchLabels: {app: rs}}, template: {metadata: {labels: {app: rs}}, spec: {containers: [{name: a, image: "r/a:1"}]}}}
    ---
    apiVersion: batch/v1
    kind: Job
    metadata: {name: job}
    spec: {backoffLimit: 0, template: {spec: {restartPolicy: Never, containers: [{name: a, image: "r/a:1"}]}}}
    ---
    apiVersion: batch/v1beta1
    kind: CronJob
    metadata: {name: nightly}
    spec: {schedule: "0 3 * * *", suspend: false, jobTemplate: {spec: {template: {spec: {restartPolicy: OnFailure, containers: [{name: a, image: "r/a:1"}]}}}}}
    ---
    {apiVersion: autoscaling/v1, kind: HorizontalPodAutoscaler, metadata: {name: one}, spec: {maxReplicas: 3, scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: other}}}
    ---
    apiVersion: autoscaling/v2beta2
    kind: HorizontalPodAutoscaler
    metadata: {name: two}
    spec:
      maxReplicas: 3
      scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: another}
      metrics: [{type: Pods, pods: {metric: {name: hits}, target: {type: AverageValue, averageValue: 1000m}}}]
    ---
    apiVersion: networking.k8s.io/v1
    kind: Ingress
    metadata: {name: web}
    spec: {rules: [{host: shop.example.com, http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: web, port: {name: http}}}}]}}]}
    ---
    {apiVersion: networking.k8s.io/v1, kind: IngressClass, metadata: {name: NAMESPACE-class}, spec: {controller: example.com/x}}
    ---
    apiVersion: networking.k8s.io/v1
    kind: NetworkPolicy
    metadata: {name: policy}
    spec: {podSelector: {}, ingress: [{from: [{podSelector: {matchLabels: {a: b}}}], ports: [{port: 80}]}, {}]}
    ---
    {apiVersion: policy/v1beta1, kind: PodDisruptionBudget, metadata: {name: budget}, spec: {minAvailable: 50%, selector: {matchLabels: {app: web}}}}
    ---
    {apiVersion: rbac.authorization.k8s.io/v1, kind: Role, metadata: {name: reader}, rules: [{apiGroups: [""], resources: [pods], verbs: [get, list]}]}
    ---
    {apiVersion: rbac.authorization.k8s.io/v1, kind: RoleBinding, metadata: {name: readers}, roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: reader}, subjects: [{kind: User, name: ann}, {kind: ServiceAccount, name: account}]}
    ---
    apiVersion: rbac.authorization.k8s.io/v1
    kind: ClusterRole
    metadata: {name: NAMESPACE-all}
    aggregationRule: {clusterRoleSelectors: [{matchLabels: {part: NAMESPACE}}]}
    rules: []
    ---
    {apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRole, metadata: {name: NAMESPACE-part, labels: {part: NAMESPACE}}, rules: [{nonResourceURLs: [/healthz], verbs: [get]}]}
    ---
    {apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRoleBinding, metadata: {name: NAMESPACE-all}, roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: NAMESPACE-part}, subjects: [{kind: Group, name: nobody}]}
    ---
    {apiVersion: scheduling.k8s.io/v1, kind: PriorityClass, metadata: {name: NAMESPACE-low}, value: 0, globalDefault: false}
    ---
    {apiVersion: storage.k8s.io/v1, kind: StorageClass, metadata: {name: NAMESPACE-fast}, provisioner: example.com/p, parameters: {type: "1000m"}, mountOptions: []}
    ---
    {apiVersion: storage.k8s.io/v1, kind: CSIDriver, metadata: {name: NAMESPACE.example.com}, spec: {attachRequired: false}}
    ---
    {apiVersion: node.k8s.io/v1, kind: RuntimeClass, metadata: {name: NAMESPACE-sandbox}, handler: sandbox, overhead: {podFixed: {cpu: 1000m}}}
    ---
    {apiVersion: coordination.k8s.io/v1, kind: Lease, metadata: {name: lease}, spec: {leaseDurationSeconds: 15}}
    ---
    {apiVersion: discovery.k8s.io/v1beta1, kind: EndpointSlice, metadata: {name: slice}, addressType: IPv4, endpoints: [{addresses: [192.0.2.2]}], ports: [{name: "", port: 80}]}
    ---
    {apiVersion: policy/v1beta1, kind: PodSecurityPolicy, metadata: {name: NAMESPACE-psp}, spec: {privileged: false, fsGroup: {rule: RunAsAny}, runAsUser: {rule: RunAsAny}, seLinux: {rule: RunAsAny}, supplementalGroups: {rule: RunAsAny}, volumes: ["*"]}}
    ---
    apiVersion: admissionregistration.k8s.io/v1
    kind: ValidatingWebhookConfiguration
    metadata: {name: NAMESPACE-judge}
    webhooks:
      - name: a.example.com
        admissionReviewVersions: [v1]
        sideEffects: None
        clientConfig: {service: {name: web, namespace: NAMESPACE}}
        rules: [{apiGroups: [never.example.com], apiVersions: [v1], operations: [CREATE], resources: [nothing]}]
    ---
    apiVersion: admissionregistration.k8s.io/v1
    kind: MutatingWebhookConfiguration
    metadata: {name: NAMESPACE-changer}
    webhooks:
      - name: a.example.com
        admissionReviewVersions: [v1]
        sideEffects: None
        timeoutSeconds: 5
        clientConfig: {url: "https://example.com/x"}
        rules: [{apiGroups: [never.example.com], apiVersions: [v1], operations: [CREATE], resources: [nothing]}]
    ---
    apiVersion: apiextensions.k8s.io/v1
    kind: CustomResourceDefinition
    metadata: {name: gadgets.NAMESPACE.example.com}
    spec:
      group: NAMESPACE.example.com
      scope: Namespaced
      names: {kind: Gadget, plural: gadgets}
      versions:
        - name: v1
          served: true
          storage: true
          schema:
            openAPIV3Schema:
              type: object
              properties:
                spec:
                  type: object
                  properties:
                    size: {type: integer, default: 3}
                    parts: {type: array, items: {type: object, properties: {name: {type: string}, kind: {type: string, default: screw}}}}
          subresources: {status: {}}
    ---
    {apiVersion: NAMESPACE.example.com/v1, kind: Gadget, metadata: {name: gadget}, spec: {parts: [{name: a}, {name: b, kind: nail}]}}

    """
}
