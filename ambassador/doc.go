// Package ambassador has helpers that stand between the app and the network: the
// app dials localhost, and the ambassador knows the way. Each is a constructor
// that gives an ordinary [pattern.AmbassadorContainer]; the chain after it
// changes what is different here.
package ambassador
