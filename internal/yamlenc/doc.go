// Package yamlenc prints objects of the Kubernetes API as YAML and as JSON, with the
// bytes that sigs.k8s.io/yaml and a sorting encoding/json give.
//
// Those go over JSON: the object is encoded, decoded to a tree, and the tree is printed.
// Here each type has a plan, made once, that says in which order its fields are printed
// and which of them are left out, and one pass over the object prints it. A type with a
// MarshalJSON that isn't known is still asked for its JSON, which is printed as a tree.
//
// What says nothing in a type of k8s.io/api is left out; a type of another module is
// printed as it is.
package yamlenc
