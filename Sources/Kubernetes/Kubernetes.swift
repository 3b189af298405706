// A dynamic client of Kubernetes' API. Objects are trees of `Documents`, not generated types, so that one client serves
// every kind that a server has, custom ones too. `Access` reads kubeconfigs and service accounts and keeps credentials
// out of sight; `Client` asks, tries again where that is safe, and says what went wrong; `Discovery` maps kinds to
// resources; `Watch` follows objects as they change. It knows nothing of Mooring.
