// Package jsonread reads objects of Kubernetes from JSON several times as fast as
// apimachinery does: in one pass, by a plan for each type.
//
// It reads only what is plain. Where a key stands twice, is written with escapes, or a
// value isn't of the type that the field wants, apimachinery reads the whole object
// instead: so every answer, and every error, is the one that it gives.
//
// Who reads one object after the other, and keeps none, reads them into a [Room].
package jsonread
