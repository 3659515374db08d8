// Package conformance holds what the library prints against those who will read
// it: the API server's own validation, warnings and Pod Security check, and the
// programs that a helper of the catalogue runs. It holds the checks against them
// too: of random pods a check says what the API server says, error by error.
//
// It is a module of its own because the API server's code is far heavier than
// anything that a user of the library should have to download. Its tests need
// haproxy and busybox, and git; a missing program is a failure.
package conformance
