package check

var gateRules = []Rule{
	{ID: "scheduling-gate", Level: Rejected,
		Title: "the name of a scheduling gate has the wrong form, or is there twice",
		Why:   "nobody could remove such a gate, and the pod would never be scheduled: the API server refuses it",
		Fix:   "a domain and a name, such as example.com/quota, once",
		Bad:   `schedulingGates: [{name: example.com/quota}, {name: example.com/quota}]`,
		Good:  `schedulingGates: [{name: example.com/quota}, {name: example.com/license}]`,
		pod: func(x *index, r *Rule) {
			if len(x.spec.SchedulingGates) == 0 {
				return
			}
			var seen firsts[string]
			for i := range x.spec.SchedulingGates {
				name := x.spec.SchedulingGates[i].Name
				t := trail{name: "spec.schedulingGates", item: i + 1}
				x.labelKey(r, &t, name)
				if _, dup := seen.at(name, i); dup {
					x.reportPod(r, t.String(), duplicate(name, "", "drop one of the two"))
				}
			}
		}},
	{ID: "readiness-gate", Level: Rejected,
		Title: "the conditionType of a readiness gate has the wrong form",
		Why:   "no condition could have that name, and the pod would never be ready: the API server refuses it",
		Fix:   "a domain and a name, such as example.com/registered",
		Bad:   `readinessGates: [{conditionType: "example.com/"}]`,
		Good:  `readinessGates: [{conditionType: example.com/registered}]`,
		pod: func(x *index, r *Rule) {
			for i := range x.spec.ReadinessGates {
				t := trail{name: "spec.readinessGates", item: i + 1}
				condition := t.field(".conditionType")
				x.labelKey(r, &condition, string(x.spec.ReadinessGates[i].ConditionType))
			}
		}},
}
