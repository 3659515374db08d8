// Package adapter has helpers that convert what the app says into what others
// understand. Each is a constructor that gives an ordinary
// [pattern.AdapterContainer]; the chain after it changes what is different here.
package adapter
