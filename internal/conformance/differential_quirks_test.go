package conformance_test

import (
	"regexp"
	"strings"
	"testing"

	"k8s.io/apimachinery/pkg/util/validation/field"
)

// quirk is an error that the API server puts at another place than the field that
// is wrong. Both sides are compared by what the path is replaced with.
type quirk struct {
	path *regexp.Regexp
	by   string
	// what and detail narrow it down; empty ones don't.
	what   field.ErrorType
	detail string
	why    string
}

var quirks = []quirk{
	{
		path: regexp.MustCompile(`\.volumeMounts(\[\d+\])?\.(subPath|subPathExpr|mountPropagation|recursiveReadOnly)$`), by: ".volumeMounts.$2",
		why: "the index of the mount is left out",
	},
	{
		path: regexp.MustCompile(`^(spec\.initContainers)\[\d+\](\.ports\[\d+\]\.hostPort)$`), by: "$1$2", what: field.ErrorTypeDuplicate,
		why: "what is wrong in any init container is put down to the first one",
	},
	{
		path: regexp.MustCompile(`^spec\.resources\.containers(\[\d+\])(\[.*\])\.limits$`), by: "spec.containers$1.resources.limits$2",
		why: "it is put below the pod's own resources",
	},
	{
		path: regexp.MustCompile(`\.httpHeaders\[\d+\]\.name$`), by: ".httpHeaders",
		why: "the index of the header is left out",
	},
	{
		path: regexp.MustCompile(`^(spec\.affinity\..*)\.namespaces\[\d+\]$`), by: "$1.namespace",
		why: "the field is called namespaces, and has an index",
	},
	{
		path: regexp.MustCompile(`(\.volumeClaimTemplate\.spec\.resources)\.requests\[storage\]$`), by: "$1[storage]",
		why: "requests is left out",
	},
	{
		path: regexp.MustCompile(`\.resizePolicy\[\d+\]\.\w+$`), by: ".resizePolicy",
		why: "the index of the policy and its field are left out",
	},
	{
		path: regexp.MustCompile(`^spec\.overhead\.limits\[`), by: "spec.overhead[",
		why: "overhead is the list itself",
	},
	{
		path: regexp.MustCompile(`^spec\.Host(IPC|PID)$`), by: "spec.host$1",
		why: "the field's name in Go",
	},
	{
		path: regexp.MustCompile(`^spec\.securityContext\.shareProcessNamespace$`), by: "spec.shareProcessNamespace",
		why: "where the field is inside of the API server",
	},
	{
		path: regexp.MustCompile(`^(\[\]|spec\.resourceClaims\[\d+\])$`), by: "spec.resourceClaims", what: field.ErrorTypeForbidden, detail: "static pods",
		why: "there is no path",
	},
	{
		path: regexp.MustCompile(`^(spec\.topologySpreadConstraints\[\d+\])(\.matchLabelKeys)?(\[\d+\])$`), by: "$1$3",
		why: "the field is left out",
	},
	{
		path: regexp.MustCompile(`\.downwardAPI\.items\[\d+\]`), by: ".downwardAPI",
		why: "items and its index are left out",
	},
	{
		path: regexp.MustCompile(`^(spec\.volumes\[\d+\])\.cephFS`), by: "$1.cephfs",
		why: "the field's name in Go",
	},
	{
		path: regexp.MustCompile(`^(spec\.volumes\[\d+\])\.downwarAPI`), by: "$1.downwardAPI",
		why: "a slip of the pen",
	},
	{
		path: regexp.MustCompile(`^(spec\.volumes\[\d+\])\.persistentDisk`), by: "$1.gcePersistentDisk",
		why: "a name that the field had once",
	},
	{
		path: regexp.MustCompile(`(\.volumeClaimTemplate\.metadata)\.uID$`), by: "$1.uid",
		why: "the field's name in Go",
	},
	{
		path: regexp.MustCompile(`(\.csi)\.name$`), by: "$1.nodePublishSecretRef.name",
		why: "the field is left out",
	},
	{
		path: regexp.MustCompile(`(\.volumeClaimTemplate\.spec\.accessModes)\[\d+\]$`), by: "$1",
		why: "the index is left out",
	},
	{
		path: regexp.MustCompile(`\.iscsi\.initiatorname$`), by: ".iscsi.initiatorName",
		why: "a slip of the pen",
	},
	{
		path: regexp.MustCompile(`(\.projected)\.sources\[\d+\]\.serviceAccountToken\.path$`), by: "$1.path",
		why: "the source is left out",
	},
	{
		path: regexp.MustCompile(`^(metadata\.annotations)\.(.*seccomp\.security.*)$`), by: "$1[$2]",
		why: "the key is written as a field",
	},
	{
		path: regexp.MustCompile(`^(metadata\.annotations)\.(scheduler\.alpha\.kubernetes\.io/tolerations)(.*)$`), by: "$1[$2]$3",
		why: "the key is written as a field",
	},
	{
		path: regexp.MustCompile(`\.envFrom\[\d+\]$`), by: ".envFrom",
		why: "the index is left out",
	},
	{
		path: regexp.MustCompile(`^(spec\.affinity\..*)\.matchLabelKeys(\[\d+\])$`), by: "$1$2", detail: "exists in both",
		why: "the field is left out",
	},
	{
		path: regexp.MustCompile(`^(metadata\.(finalizers|ownerReferences))\[\d+\]`), by: "$1",
		why: "the index is left out",
	},
}

// normal gives an error with its path as it is compared, and the number of the
// quirk that changed it; -1: none did.
func normal(e said) (said, int) {
	by := -1
	for i := range quirks {
		q := &quirks[i]
		if q.what != "" && q.what != e.what || !strings.HasPrefix(e.detail, q.detail) {
			continue
		}
		if path := q.path.ReplaceAllString(e.path, q.by); path != e.path {
			e.path, by = path, i
		}
	}
	return e, by
}

// requireQuirks wants every quirk to have been met: one that went away is to go
// from the table too.
func (s *tally) requireQuirks(t *testing.T) {
	t.Helper()
	for i, q := range quirks {
		if s.quirks[i] == 0 && *pods >= 100_000 {
			t.Errorf("nothing is put at another place by the quirk %s: %s", q.path, q.why)
		}
	}
}
