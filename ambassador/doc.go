// Package ambassador has helpers that stand between the app and the network. Each is
// a constructor that gives an ordinary [pattern.AmbassadorContainer], with a pinned
// image, a configuration that its program accepts, resources and a restricted
// security context; the chain after it changes what is different here.
//
// # To a server
//
// The app dials localhost and gets NAME_HOST and NAME_PORT for that. [TCP] is a
// haproxy before any server, [HTTP] an envoy before an HTTP API, with timeouts,
// retries and TLS; [PgBouncer] pools the connections to a PostgreSQL, [CloudSQL]
// reaches one of Google's, [Redis] finds the primary of several, [MTLS] shows a client certificate.
//
// # From clients
//
// [TLS] and [MTLSServer] end TLS before the app, [Mesh] is a proxy as a service mesh
// has it. They take the app's place in the pod's Service. [Injected] lets a mesh
// inject its own.
package ambassador
