package pattern

import (
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
)

// JobBuilder is an immutable builder of a Job; see also [Manifest].
type JobBuilder struct{ Manifest[*batchv1.Job] }

// Job runs the pod to its end, with the pod's name, namespace and labels. A pod
// that sets no restart policy gets OnFailure. Native helpers end with the app; a
// classic one would keep the Job from completing.
func (p PodBuilder) Job() JobBuilder {
	m := Manifest[*batchv1.Job]{pod: p.last, make: func(s *session) (*batchv1.Job, []runtime.Object) {
		b := s.carry(p, asJob)
		return &batchv1.Job{
			TypeMeta:   metav1.TypeMeta{APIVersion: batchv1.SchemeGroupVersion.String(), Kind: "Job"},
			ObjectMeta: b.workloadMeta(b.t.Labels),
			Spec:       batchv1.JobSpec{Template: b.unnamed()},
		}, b.plan.objects
	}}
	m.template = func(o *batchv1.Job) *corev1.PodTemplateSpec { return &o.Spec.Template }
	return JobBuilder{m}
}

// BackoffLimit replaces how often the Job tries again; by default 6 times.
func (j JobBuilder) BackoffLimit(n int32) JobBuilder {
	return JobBuilder{j.counts(n).changed(func(o *batchv1.Job) { o.Spec.BackoffLimit = new(n) })}
}

// Completions replaces how many pods must succeed and how many run at a time; by
// default one.
func (j JobBuilder) Completions(completions, parallelism int32) JobBuilder {
	return JobBuilder{j.counts(completions).counts(parallelism).changed(func(o *batchv1.Job) { o.Spec.Completions, o.Spec.Parallelism = new(completions), new(parallelism) })}
}

// TTLSecondsAfterFinished replaces after how long a finished Job is deleted; by
// default never.
func (j JobBuilder) TTLSecondsAfterFinished(seconds int32) JobBuilder {
	return JobBuilder{j.counts(seconds).changed(func(o *batchv1.Job) { o.Spec.TTLSecondsAfterFinished = new(seconds) })}
}

// counts reports a number that is negative.
func (m Manifest[T]) counts(n int32) Manifest[T] {
	if n < 0 {
		return m.flawed(invalid("job-number", "spec", n, "must be greater than or equal to 0", "a number from 0"))
	}
	return m
}

// Edit changes the finished Job. It must be a pure function; a nil one is an
// error.
func (j JobBuilder) Edit(f func(*batchv1.Job)) JobBuilder { return JobBuilder{j.edited(f)} }
