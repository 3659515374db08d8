// Package sidecar has helpers that extend the app: containers that run beside it
// and that it doesn't know of. Each is a constructor that gives an ordinary
// [pattern.SidecarContainer], with a pinned image, a configuration that its
// program accepts, resources and a restricted security context; the chain after
// it changes what is different here:
//
//	sidecar.LogShipper(logs, sidecar.Loki("http://loki:3100")).Limits("", "256Mi")
package sidecar
