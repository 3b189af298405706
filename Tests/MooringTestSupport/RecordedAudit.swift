/// Audit events as a real API server has told them: kube-apiserver 1.20.2, asked by kubectl 1.37.1 and others, with the
/// policy `docs/audit-policy.yaml` (`--audit-log-path`), in November 2026.
public enum RecordedAudit {
  /// `kubectl scale`.
  public static let scale = #"""
    {"kind":"Event","apiVersion":"audit.k8s.io/v1","level":"Metadata",
    "auditID":"ae23f216-797b-4873-8c15-5466107ff701","stage":"ResponseComplete",
    "requestURI":"/apis/apps/v1/namespaces/rec/deployments/web/scale","verb":"patch",
    "user":{"username":"admin","uid":"admin","groups":["system:masters","system:authenticated"]},
    "sourceIPs":["127.0.0.1"],"userAgent":"kubectl/v1.37.1 (linux/amd64) kubernetes/f78e722",
    "objectRef":{"resource":"deployments","namespace":"rec","name":"web","apiGroup":"apps",
    "apiVersion":"v1","subresource":"scale"},"responseStatus":{"metadata":{},"code":200},
    "requestReceivedTimestamp":"2026-11-25T12:23:41.518169Z","stageTimestamp":"2026-11-25T12:23:41.520527Z",
    "annotations":{"authorization.k8s.io/decision":"allow","authorization.k8s.io/reason":""}}
    """#

  /// `kubectl edit`.
  public static let edit = #"""
    {"kind":"Event","apiVersion":"audit.k8s.io/v1","level":"Metadata",
    "auditID":"4ccc04bc-8c76-404c-8e62-401164123813","stage":"ResponseComplete",
    "requestURI":"/apis/apps/v1/namespaces/rec/deployments/web?fieldManager=kubectl-edit\u0026fieldValidation=Strict",
    "verb":"patch","user":{"username":"admin","uid":"admin","groups":["system:masters",
    "system:authenticated"]},"sourceIPs":["127.0.0.1"],
    "userAgent":"kubectl/v1.37.1 (linux/amd64) kubernetes/f78e722","objectRef":{"resource":"deployments",
    "namespace":"rec","name":"web","apiGroup":"apps","apiVersion":"v1"},"responseStatus":{"metadata":{},
    "code":200},"requestReceivedTimestamp":"2026-11-25T12:23:41.706764Z",
    "stageTimestamp":"2026-11-25T12:23:41.713888Z","annotations":{"authorization.k8s.io/decision":"allow",
    "authorization.k8s.io/reason":""}}
    """#

  /// `kubectl patch --as bob --as-group system:masters --as-group devs`.
  public static let patchAsBob = #"""
    {"kind":"Event","apiVersion":"audit.k8s.io/v1","level":"Metadata",
    "auditID":"b8fb4660-850b-49ae-ad48-2ce0f2512569","stage":"ResponseComplete",
    "requestURI":"/apis/apps/v1/namespaces/rec/deployments/web?fieldManager=kubectl-patch","verb":"patch",
    "user":{"username":"admin","uid":"admin","groups":["system:masters","system:authenticated"]},
    "impersonatedUser":{"username":"bob","groups":["system:masters","devs","system:authenticated"]},
    "sourceIPs":["127.0.0.1"],"userAgent":"kubectl/v1.37.1 (linux/amd64) kubernetes/f78e722",
    "objectRef":{"resource":"deployments","namespace":"rec","name":"web","apiGroup":"apps",
    "apiVersion":"v1"},"responseStatus":{"metadata":{},"code":200},
    "requestReceivedTimestamp":"2026-11-25T12:23:41.918077Z","stageTimestamp":"2026-11-25T12:23:41.921583Z",
    "annotations":{"authorization.k8s.io/decision":"allow","authorization.k8s.io/reason":""}}
    """#

  /// `kubectl set env`.
  public static let set = #"""
    {"kind":"Event","apiVersion":"audit.k8s.io/v1","level":"Metadata",
    "auditID":"f147fd24-ae20-4e27-91cf-1fa076eda776","stage":"ResponseComplete",
    "requestURI":"/apis/apps/v1/namespaces/rec/deployments/web?fieldManager=kubectl-set","verb":"patch",
    "user":{"username":"admin","uid":"admin","groups":["system:masters","system:authenticated"]},
    "sourceIPs":["127.0.0.1"],"userAgent":"kubectl/v1.37.1 (linux/amd64) kubernetes/f78e722",
    "objectRef":{"resource":"deployments","namespace":"rec","name":"web","apiGroup":"apps",
    "apiVersion":"v1"},"responseStatus":{"metadata":{},"code":200},
    "requestReceivedTimestamp":"2026-11-25T12:23:42.017570Z","stageTimestamp":"2026-11-25T12:23:42.021028Z",
    "annotations":{"authorization.k8s.io/decision":"allow","authorization.k8s.io/reason":""}}
    """#

  /// `kubectl replace`.
  public static let replace = #"""
    {"kind":"Event","apiVersion":"audit.k8s.io/v1","level":"Metadata",
    "auditID":"6a6aeb00-7731-4f16-925b-93d0294075bc","stage":"ResponseComplete",
    "requestURI":"/apis/apps/v1/namespaces/rec/deployments/web?fieldManager=kubectl-replace\u0026fieldValidation=Strict",
    "verb":"update","user":{"username":"admin","uid":"admin","groups":["system:masters",
    "system:authenticated"]},"sourceIPs":["127.0.0.1"],
    "userAgent":"kubectl/v1.37.1 (linux/amd64) kubernetes/f78e722","objectRef":{"resource":"deployments",
    "namespace":"rec","name":"web","uid":"11e126b8-c0f7-45e7-be63-4b64ad86a018","apiGroup":"apps",
    "apiVersion":"v1","resourceVersion":"335"},"responseStatus":{"metadata":{},"code":200},
    "requestReceivedTimestamp":"2026-11-25T12:23:42.246308Z","stageTimestamp":"2026-11-25T12:23:42.252131Z",
    "annotations":{"authorization.k8s.io/decision":"allow","authorization.k8s.io/reason":""}}
    """#

  /// `kubectl create deployment`.
  public static let create = #"""
    {"kind":"Event","apiVersion":"audit.k8s.io/v1","level":"Metadata",
    "auditID":"a5dabbe6-407f-4c89-8493-a4f2c0917492","stage":"ResponseComplete",
    "requestURI":"/apis/apps/v1/namespaces/rec/deployments?fieldManager=kubectl-create\u0026fieldValidation=Strict",
    "verb":"create","user":{"username":"admin","uid":"admin","groups":["system:masters",
    "system:authenticated"]},"sourceIPs":["127.0.0.1"],
    "userAgent":"kubectl/v1.37.1 (linux/amd64) kubernetes/f78e722","objectRef":{"resource":"deployments",
    "namespace":"rec","name":"web","apiGroup":"apps","apiVersion":"v1"},"responseStatus":{"metadata":{},
    "code":201},"requestReceivedTimestamp":"2026-11-25T12:23:41.405606Z",
    "stageTimestamp":"2026-11-25T12:23:41.409045Z","annotations":{"authorization.k8s.io/decision":"allow",
    "authorization.k8s.io/reason":""}}
    """#

  /// `kubectl apply` of what was there.
  public static let clientSideApply = #"""
    {"kind":"Event","apiVersion":"audit.k8s.io/v1","level":"Metadata",
    "auditID":"c46745b3-d660-4be1-be1c-2646629446d1","stage":"ResponseComplete",
    "requestURI":"/api/v1/namespaces/rec/configmaps/m?fieldManager=kubectl-client-side-apply\u0026fieldValidation=Strict",
    "verb":"patch","user":{"username":"admin","uid":"admin","groups":["system:masters",
    "system:authenticated"]},"sourceIPs":["127.0.0.1"],
    "userAgent":"kubectl/v1.37.1 (linux/amd64) kubernetes/f78e722","objectRef":{"resource":"configmaps",
    "namespace":"rec","name":"m","apiVersion":"v1"},"responseStatus":{"metadata":{},"code":200},
    "requestReceivedTimestamp":"2026-11-25T12:23:42.613957Z","stageTimestamp":"2026-11-25T12:23:42.616615Z",
    "annotations":{"authorization.k8s.io/decision":"allow","authorization.k8s.io/reason":""}}
    """#

  /// `kubectl apply --dry-run=server`.
  public static let dryRun = #"""
    {"kind":"Event","apiVersion":"audit.k8s.io/v1","level":"Metadata",
    "auditID":"867d8ff8-0b7e-4045-97bd-61d1dccc5318","stage":"ResponseComplete",
    "requestURI":"/api/v1/namespaces/rec/configmaps/other?dryRun=All\u0026fieldManager=kubectl-client-side-apply\u0026fieldValidation=Strict",
    "verb":"patch","user":{"username":"admin","uid":"admin","groups":["system:masters",
    "system:authenticated"]},"sourceIPs":["127.0.0.1"],
    "userAgent":"kubectl/v1.37.1 (linux/amd64) kubernetes/f78e722","objectRef":{"resource":"configmaps",
    "namespace":"rec","name":"other","apiVersion":"v1"},"responseStatus":{"metadata":{},"code":200},
    "requestReceivedTimestamp":"2026-11-25T12:23:42.898595Z","stageTimestamp":"2026-11-25T12:23:42.900125Z",
    "annotations":{"authorization.k8s.io/decision":"allow","authorization.k8s.io/reason":""}}
    """#

  /// `kubectl delete`.
  public static let delete = #"""
    {"kind":"Event","apiVersion":"audit.k8s.io/v1","level":"Metadata",
    "auditID":"6084bbe8-cbe9-4154-9839-5673e1fc7272","stage":"ResponseComplete",
    "requestURI":"/api/v1/namespaces/rec/configmaps/m","verb":"delete","user":{"username":"admin",
    "uid":"admin","groups":["system:masters","system:authenticated"]},"sourceIPs":["127.0.0.1"],
    "userAgent":"kubectl/v1.37.1 (linux/amd64) kubernetes/f78e722","objectRef":{"resource":"configmaps",
    "namespace":"rec","name":"m","apiVersion":"v1"},"responseStatus":{"metadata":{},"status":"Success",
    "code":200},"requestReceivedTimestamp":"2026-11-25T12:23:43.009653Z",
    "stageTimestamp":"2026-11-25T12:23:43.011847Z","annotations":{"authorization.k8s.io/decision":"allow",
    "authorization.k8s.io/reason":""}}
    """#

  /// `curl --request DELETE` of all ConfigMaps.
  public static let deleteCollection = #"""
    {"kind":"Event","apiVersion":"audit.k8s.io/v1","level":"Metadata",
    "auditID":"ef189f53-5ed5-4277-a4b8-00d62c1b8a3a","stage":"ResponseComplete",
    "requestURI":"/api/v1/namespaces/rec/configmaps","verb":"deletecollection","user":{"username":"admin",
    "uid":"admin","groups":["system:masters","system:authenticated"]},"sourceIPs":["127.0.0.1"],
    "userAgent":"curl/7.88.1","objectRef":{"resource":"configmaps","namespace":"rec","apiVersion":"v1"},
    "responseStatus":{"metadata":{},"code":200},"requestReceivedTimestamp":"2026-11-25T12:23:43.228896Z",
    "stageTimestamp":"2026-11-25T12:23:43.233403Z","annotations":{"authorization.k8s.io/decision":"allow",
    "authorization.k8s.io/reason":""}}
    """#

  /// `kubectl exec web-… -- ls`, where no kubelet was.
  public static let exec = #"""
    {"kind":"Event","apiVersion":"audit.k8s.io/v1","level":"Metadata",
    "auditID":"fb758d69-d86c-46c3-8522-60670736adb8","stage":"ResponseComplete",
    "requestURI":"/api/v1/namespaces/rec/pods/web-747dd596b9-d5244/exec?command=ls\u0026container=web\u0026stderr=true\u0026stdout=true",
    "verb":"create","user":{"username":"admin","uid":"admin","groups":["system:masters",
    "system:authenticated"]},"sourceIPs":["127.0.0.1"],
    "userAgent":"kubectl/v1.37.1 (linux/amd64) kubernetes/f78e722","objectRef":{"resource":"pods",
    "namespace":"rec","name":"web-747dd596b9-d5244","apiVersion":"v1","subresource":"exec"},
    "responseStatus":{"metadata":{},"status":"Failure","code":500},
    "requestReceivedTimestamp":"2026-11-25T12:23:43.202760Z","stageTimestamp":"2026-11-25T12:23:43.204100Z",
    "annotations":{"authorization.k8s.io/decision":"allow","authorization.k8s.io/reason":""}}
    """#

  /// the status of a pod.
  public static let status = #"""
    {"kind":"Event","apiVersion":"audit.k8s.io/v1","level":"Metadata",
    "auditID":"861afa2f-0c78-41cb-9e30-4fc682e52fec","stage":"ResponseComplete",
    "requestURI":"/apis/apps/v1/namespaces/rec/deployments/web/status","verb":"update",
    "user":{"username":"admin","uid":"admin","groups":["system:masters","system:authenticated"]},
    "sourceIPs":["127.0.0.1"],
    "userAgent":"kube-controller-manager/v1.20.2 (linux/amd64) kubernetes/faecb19/deployment-controller",
    "objectRef":{"resource":"deployments","namespace":"rec","name":"web",
    "uid":"11e126b8-c0f7-45e7-be63-4b64ad86a018","apiGroup":"apps","apiVersion":"v1",
    "resourceVersion":"221","subresource":"status"},"responseStatus":{"metadata":{},"code":200},
    "requestReceivedTimestamp":"2026-11-25T12:23:41.413390Z","stageTimestamp":"2026-11-25T12:23:41.415554Z",
    "annotations":{"authorization.k8s.io/decision":"allow","authorization.k8s.io/reason":""}}
    """#

  /// A batch of events, as a webhook is sent it.
  public static func batch(_ events: String...) -> String { batch(events) }

  public static func batch(_ events: [String]) -> String {
    let head = #"{"kind":"EventList","apiVersion":"audit.k8s.io/v1","metadata":{},"items":["#
    return head + events.joined(separator: ",") + "]}"
  }
}
