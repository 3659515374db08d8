package pattern_test

import (
	"github.com/podpattern/podpattern/pattern"
	appsv1 "k8s.io/api/apps/v1"
	batchv1 "k8s.io/api/batch/v1"
)

func ExamplePodBuilder_Deployment() {
	web := pattern.Pod("web").WithApp(pattern.App("web", "web:1.4"))
	showFields(web.Deployment(3))
	// Output:
	// apiVersion: apps/v1
	// kind: Deployment
	// metadata:
	//   labels:
	//     app: web
	//   name: web
	// spec:
	//   replicas: 3
	//   selector:
	//     matchLabels:
	//       app: web
	//   template:
	//     metadata:
	//       labels:
	//         app: web
	//     spec:
	//       containers:
	//       - image: web:1.4
	//         name: web
}

// An autoscaler sets the number, and applying the manifest leaves it alone.
func ExampleDeploymentBuilder_NoReplicas() {
	web := pattern.Pod("web").WithApp(pattern.App("web", "web:1.4"))
	showFields(web.Deployment(3).NoReplicas(), "spec.replicas")
	// Output:
	// replicas: null
}

func ExampleDeploymentBuilder_Edit() {
	web := pattern.Pod("web").WithApp(pattern.App("web", "web:1.4"))
	deployment := web.Deployment(1).Edit(func(d *appsv1.Deployment) {
		d.Spec.Strategy.Type = appsv1.RecreateDeploymentStrategyType
	})
	showFields(deployment, "spec.strategy")
	// Output:
	// strategy:
	//   type: Recreate
}

// Give it a headless Service of its own name, for the names of its pods.
func ExamplePodBuilder_StatefulSet() {
	data := pattern.ClaimTemplate("data", "10Gi")
	db := pattern.Pod("db").WithApp(pattern.App("db", "db:16").Port("sql", 5432).Mount(data, "/var/lib/db"))
	showObjects(db.StatefulSet(3), db.Service().Headless())
	showFields(db.StatefulSet(3), "spec")
	// Output:
	// StatefulSet db
	// Service db
	// spec:
	//   replicas: 3
	//   selector:
	//     matchLabels:
	//       app: db
	//   serviceName: db
	//   template:
	//     metadata:
	//       labels:
	//         app: db
	//     spec:
	//       containers:
	//       - image: db:16
	//         name: db
	//         ports:
	//         - containerPort: 5432
	//           name: sql
	//         volumeMounts:
	//         - mountPath: /var/lib/db
	//           name: data
	//   volumeClaimTemplates:
	//   - metadata:
	//       name: data
	//     spec:
	//       accessModes:
	//       - ReadWriteOnce
	//       resources:
	//         requests:
	//           storage: 10Gi
}

func ExampleStatefulSetBuilder_ServiceName() {
	db := pattern.Pod("db").WithApp(pattern.App("db", "db:16"))
	showFields(db.StatefulSet(3).ServiceName("db-peers"), "spec.serviceName")
	// Output:
	// serviceName: db-peers
}

func ExampleStatefulSetBuilder_Edit() {
	db := pattern.Pod("db").WithApp(pattern.App("db", "db:16"))
	set := db.StatefulSet(3).Edit(func(s *appsv1.StatefulSet) {
		s.Spec.PodManagementPolicy = appsv1.ParallelPodManagement
	})
	showFields(set, "spec.podManagementPolicy")
	// Output:
	// podManagementPolicy: Parallel
}

func ExamplePodBuilder_DaemonSet() {
	agent := pattern.Pod("agent").WithApp(pattern.App("agent", "agent:1"))
	showFields(agent.DaemonSet())
	// Output:
	// apiVersion: apps/v1
	// kind: DaemonSet
	// metadata:
	//   labels:
	//     app: agent
	//   name: agent
	// spec:
	//   selector:
	//     matchLabels:
	//       app: agent
	//   template:
	//     metadata:
	//       labels:
	//         app: agent
	//     spec:
	//       containers:
	//       - image: agent:1
	//         name: agent
}

func ExampleDaemonSetBuilder_Edit() {
	agent := pattern.Pod("agent").WithApp(pattern.App("agent", "agent:1"))
	set := agent.DaemonSet().Edit(func(d *appsv1.DaemonSet) { d.Spec.MinReadySeconds = 30 })
	showFields(set, "spec.minReadySeconds")
	// Output:
	// minReadySeconds: 30
}

// A native sidecar ends when the app has ended, so the Job can complete.
func ExamplePodBuilder_Job() {
	migrate := pattern.Pod("migrate").WithApp(pattern.App("migrate", "web:1.4").Args("migrate")).
		WithSidecar(pattern.Sidecar("proxy", "proxy:1"))
	showFields(migrate.Job())
	// Output:
	// apiVersion: batch/v1
	// kind: Job
	// metadata:
	//   name: migrate
	// spec:
	//   template:
	//     spec:
	//       containers:
	//       - args:
	//         - migrate
	//         image: web:1.4
	//         name: migrate
	//       initContainers:
	//       - image: proxy:1
	//         name: proxy
	//         restartPolicy: Always
	//       restartPolicy: OnFailure
}

func ExampleJobBuilder_BackoffLimit() {
	migrate := pattern.Pod("migrate").WithApp(pattern.App("migrate", "web:1.4"))
	showFields(migrate.Job().BackoffLimit(0), "spec.backoffLimit")
	// Output:
	// backoffLimit: 0
}

func ExampleJobBuilder_Completions() {
	render := pattern.Pod("render").WithApp(pattern.App("render", "render:1"))
	showFields(render.Job().Completions(100, 10), "spec.completions", "spec.parallelism")
	// Output:
	// completions: 100
	// parallelism: 10
}

func ExampleJobBuilder_TTLSecondsAfterFinished() {
	migrate := pattern.Pod("migrate").WithApp(pattern.App("migrate", "web:1.4"))
	showFields(migrate.Job().TTLSecondsAfterFinished(3600), "spec.ttlSecondsAfterFinished")
	// Output:
	// ttlSecondsAfterFinished: 3600
}

func ExampleJobBuilder_Edit() {
	render := pattern.Pod("render").WithApp(pattern.App("render", "render:1"))
	mode := batchv1.IndexedCompletion
	showFields(render.Job().Completions(100, 10).Edit(func(j *batchv1.Job) { j.Spec.CompletionMode = &mode }), "spec.completionMode")
	// Output:
	// completionMode: Indexed
}

func ExamplePodBuilder_CronJob() {
	backup := pattern.Pod("backup").WithApp(pattern.App("backup", "backup:1"))
	showFields(backup.CronJob("0 3 * * *"))
	// Output:
	// apiVersion: batch/v1
	// kind: CronJob
	// metadata:
	//   name: backup
	// spec:
	//   jobTemplate:
	//     spec:
	//       template:
	//         spec:
	//           containers:
	//           - image: backup:1
	//             name: backup
	//           restartPolicy: OnFailure
	//   schedule: 0 3 * * *
}

func ExampleCronJobBuilder_TimeZone() {
	backup := pattern.Pod("backup").WithApp(pattern.App("backup", "backup:1"))
	showFields(backup.CronJob("0 3 * * *").TimeZone("Europe/Berlin"), "spec.schedule", "spec.timeZone")
	// Output:
	// schedule: 0 3 * * *
	// timeZone: Europe/Berlin
}

// A run that is late must not meet the next one.
func ExampleCronJobBuilder_ConcurrencyPolicy() {
	backup := pattern.Pod("backup").WithApp(pattern.App("backup", "backup:1"))
	showFields(backup.CronJob("@hourly").ConcurrencyPolicy(batchv1.ForbidConcurrent), "spec.concurrencyPolicy")
	// Output:
	// concurrencyPolicy: Forbid
}

func ExampleCronJobBuilder_Edit() {
	backup := pattern.Pod("backup").WithApp(pattern.App("backup", "backup:1"))
	suspended := true
	showFields(backup.CronJob("@hourly").Edit(func(c *batchv1.CronJob) { c.Spec.Suspend = &suspended }), "spec.suspend")
	// Output:
	// suspend: true
}
