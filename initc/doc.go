// Package initc has helpers that run before the app and end: the app starts when
// they have succeeded. Each is a constructor that gives an ordinary
// [pattern.InitContainer]; the chain after it changes what is different here.
package initc
