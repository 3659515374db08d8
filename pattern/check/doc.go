// Package check finds what is wrong with a multi-container pod: what the API
// server would reject, what it would accept and the node would then break on, and
// what somebody will regret. It reads typed objects and knows nothing of the
// builders.
//
//	for _, f := range check.Pod(pod) {
//		fmt.Println(f)
//	}
//
// [Pod] checks a pod, [Template] the pod template of a workload, [Objects] a whole
// manifest: workloads, and what Services, ConfigMaps, Secrets, claims and autoscalers say of
// them. Options say what the object alone doesn't: the version of Kubernetes
// ([Target]), what its author knows ([Intended]), which rules are allowed and why
// ([Allow]), from which level on to report ([AtLeast]).
//
// A [Finding] names its rule, its level, the field as the API server writes it, what
// is wrong and what to write instead, and for a clash both containers. [Findings]
// come all at once, sorted by path, and the same object always gives the same ones:
// as a list of the API server's own errors ([Findings.Errors]), a line each
// ([Findings.String]), in full ([Findings.Long]), as JSON, or as SARIF for code
// review ([Findings.SARIF]).
//
// [Rules] lists what is looked for, with examples; RULES.md beside this file shows
// it. Level A is what the API server of the newest tested version says itself, with
// its own texts and on every field of a pod's spec; the few that are left out are
// listed in internal/conformance, which compares the two.
//
// Knowledge of intent makes the difference: a mount doesn't say who writes, nor a
// port who calls it. A builder passes that in; of a plain pod it is inferred where
// that is safe, and then gives warnings only.
//
// [Resources] gives what a pod asks of a node.
//
// To add a rule, write its entry into the table of the file that its function stands
// in, such as volumeRules in volumes.go, or make a file with a table of its own and
// list that in rule.go. Bad and Good are tested as they stand; further cases go into
// the test file of the same name. Then write RULES.md anew:
//
//	go test ./pattern/check -run TestTheRulesAreDocumented -update
//
// What a rule of level E predicts must be seen on a real kubelet: internal/conformance/e2e
// has a table of them, and RULES.md says what was seen.
//
// No input makes this package panic, and it never writes to its argument.
package check
