// Package consumer uses the library as its users do: as a module that the go
// command downloads, in a module of its own, with the programs of the README.
// It finds what no test inside the repository can: a file that the module's zip
// leaves out, a dependency that only a replace made work, a README that is stale.
package consumer
