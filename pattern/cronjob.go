package pattern

import (
	"slices"
	"strings"

	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
)

// CronJobBuilder is an immutable builder of a CronJob; see also [Manifest].
type CronJobBuilder struct{ Manifest[*batchv1.CronJob] }

// CronJob runs the pod to its end at times such as "0 3 * * *" or "@hourly", in
// the time zone of the controller manager; otherwise as [PodBuilder.Job]. A name
// of more than 52 characters is an error, since its Jobs' names are longer, and
// so is a schedule without five fields.
func (p PodBuilder) CronJob(schedule string) CronJobBuilder {
	at := here(ofConstructor)
	m := Manifest[*batchv1.CronJob]{pod: p.last, make: func(s *session) (*batchv1.CronJob, []runtime.Object) {
		b := s.carry(p, asCronJob)
		if len(b.t.Name) > 52 {
			s.report(&flaw{rule: "object-name", field: "metadata.name", value: b.t.Name, at: at, detail: "must be no more than 52 characters", fix: "choose a shorter name"})
		}
		return &batchv1.CronJob{
			TypeMeta:   metav1.TypeMeta{APIVersion: batchv1.SchemeGroupVersion.String(), Kind: "CronJob"},
			ObjectMeta: b.workloadMeta(b.t.Labels),
			Spec: batchv1.CronJobSpec{
				Schedule:    schedule,
				JobTemplate: batchv1.JobTemplateSpec{Spec: batchv1.JobSpec{Template: b.unnamed()}},
			},
		}, b.plan.objects
	}}
	m.template = func(o *batchv1.CronJob) *corev1.PodTemplateSpec { return &o.Spec.JobTemplate.Spec.Template }
	if len(strings.Fields(schedule)) != 5 && !slices.Contains([]string{"@yearly", "@annually", "@monthly", "@weekly", "@daily", "@midnight", "@hourly"}, schedule) && !strings.HasPrefix(schedule, "@every ") {
		m = m.flawed(invalid("schedule", "spec.schedule", schedule, "is no cron schedule", `five fields, such as "0 3 * * *"`))
	}
	return CronJobBuilder{m}
}

// TimeZone replaces the time zone of the schedule, such as Europe/Berlin. An empty
// name, and Local, are errors.
func (c CronJobBuilder) TimeZone(name string) CronJobBuilder {
	if strings.TrimSpace(name) == "" || strings.EqualFold(name, "local") {
		return CronJobBuilder{c.flawed(invalid("time-zone", "spec.timeZone", name, "is no name of a time zone", "such as Europe/Berlin"))}
	}
	return CronJobBuilder{c.changed(func(o *batchv1.CronJob) { o.Spec.TimeZone = new(name) })}
}

// ConcurrencyPolicy replaces what happens when a run is due and the last one
// still goes on; by default Allow.
func (c CronJobBuilder) ConcurrencyPolicy(policy batchv1.ConcurrencyPolicy) CronJobBuilder {
	bad := oneOf("spec.concurrencyPolicy", policy, batchv1.AllowConcurrent, batchv1.ForbidConcurrent, batchv1.ReplaceConcurrent)
	return CronJobBuilder{c.flawed(bad).changed(func(o *batchv1.CronJob) { o.Spec.ConcurrencyPolicy = policy })}
}

// Edit changes the finished CronJob. It must be a pure function; a nil one is an
// error.
func (c CronJobBuilder) Edit(f func(*batchv1.CronJob)) CronJobBuilder {
	return CronJobBuilder{c.edited(f)}
}
