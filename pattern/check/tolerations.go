package check

import (
	"strings"

	"github.com/podpattern/podpattern/internal/names"
	"github.com/podpattern/podpattern/internal/release"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/validation"
)

var tolerationRules = []Rule{
	{ID: "toleration", Level: Rejected,
		Title: "a toleration has what no taint has, or contradicts itself",
		Why:   "it could never match a taint: the API server refuses the pod",
		Fix:   "the taint's key, value and effect; Exists takes no value, and seconds go with NoExecute only",
		Bad:   `tolerations: [{key: example.com/gpu, operator: Exists, value: "true"}]`,
		Good:  `tolerations: [{key: example.com/gpu, operator: Exists, effect: NoSchedule}]`,
		pod:   tolerations},
}

// tolerations is ValidateTolerations.
// upstream: kubernetes/kubernetes pkg/apis/core/validation/validation.go
func tolerations(x *index, r *Rule) { x.tolerations(r, "spec.tolerations", x.spec.Tolerations) }

func (x *index) tolerations(r *Rule, path string, list []corev1.Toleration) {
	for i := range list {
		o := &list[i]
		t := trail{name: path, item: i + 1}
		if o.Key != "" {
			key := t.field(".key")
			x.labelKey(r, &key, o.Key)
		} else if o.Operator != corev1.TolerationOpExists {
			x.reportPod(r, t.String()+".operator", invalid(string(o.Operator),
				"operator must be Exists when `key` is empty, which means \"match all values and all keys\"", "name the taint's key, or say Exists"))
		}
		if o.TolerationSeconds != nil && o.Effect != corev1.TaintEffectNoExecute {
			x.reportPod(r, t.String()+".effect", invalid(string(o.Effect),
				"effect must be 'NoExecute' when `tolerationSeconds` is set", "drop the seconds, or say NoExecute"))
		}
		x.tolerationOperator(r, &t, o)
		switch o.Effect {
		case "", corev1.TaintEffectNoSchedule, corev1.TaintEffectPreferNoSchedule, corev1.TaintEffectNoExecute:
		default:
			x.reportPod(r, t.String()+".effect", notSupported(o.Effect,
				corev1.TaintEffectNoSchedule, corev1.TaintEffectPreferNoSchedule, corev1.TaintEffectNoExecute))
		}
	}
}

// tolerationOperator finds a bad operator and a value that it doesn't go with; the
// API server says both at the operator. Lt and Gt are behind a gate that is off.
func (x *index) tolerationOperator(r *Rule, t *trail, o *corev1.Toleration) {
	switch o.Operator {
	case corev1.TolerationOpEqual, "":
		if !names.IsLabelValue(o.Value) {
			x.reportPod(r, t.String()+".operator", invalid(o.Value, strings.Join(validation.IsValidLabelValue(o.Value), ";"), ""))
		}
	case corev1.TolerationOpExists:
		if o.Value != "" {
			x.reportPod(r, t.String()+".operator", invalid(o.Value, "value must be empty when `operator` is 'Exists'", "drop the value, or say Equal"))
		}
	default:
		f := notSupported(o.Operator, corev1.TolerationOpEqual, corev1.TolerationOpExists)
		if comparison := o.Operator == corev1.TolerationOpLt || o.Operator == corev1.TolerationOpGt; comparison && x.target.Has(release.TolerationComparison) {
			f = notSupported(o.Operator, corev1.TolerationOpEqual, corev1.TolerationOpExists, corev1.TolerationOpLt, corev1.TolerationOpGt)
			f.Fix = "Equal or Exists; " + string(o.Operator) + " needs the feature gate TaintTolerationComparisonOperators, which is off by default"
		}
		x.reportPod(r, t.String()+".operator", f)
	}
}
