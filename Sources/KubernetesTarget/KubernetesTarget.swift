// KubernetesTarget brings a cluster to a release: it reads the manifests of the rendered tree, applies them in stages by
// server-side apply, prunes only what its own inventory says it made, says how the objects are, and finds what others
// changed in the fields that Mooring sets. The inventory lies in the cluster, in ConfigMaps guarded by their
// `resourceVersion`, so that whoever deploys next knows what was put there. It carries out the steps of a plan and
// decides none.
