// Package initc has helpers that run before the app and end: the app starts when
// they have succeeded. Each is a constructor that gives an ordinary
// [pattern.InitContainer], with a pinned image, resources and a restricted security
// context; the chain after it changes what is different here.
//
// [WaitForTCP], [WaitForHTTP] and [WaitForDNS] wait for a server, at most for a given
// time. [GolangMigrate], [Flyway] and [Liquibase] bring a database up to date. [GitClone],
// [Download], [CopyFrom], [WriteConfig], [RenderTemplate] and [VaultInit] fill a
// volume, [JMXAgent] brings a JVM the agent that serves its metrics; [Permissions] and
// [Sysctl] change what the app could not, and [Gate] lets any program decide whether
// the app may start.
//
// They run one after the other, in the order of the calls that added them, and again
// each time that the pod starts, or one of them fails: each can be run twice. In a
// pod that never restarts its containers (RestartPolicy), one that fails fails the pod.
// What
// needs a proxy of the pod goes after it, or says so by After. Between two of them
// files go through a volume: one writes it, the next reads it.
//
//	drivers := pattern.EmptyDir("drivers").SizeLimit("16Mi")
//	pod.WithInit(
//		initc.Download("https://repo1.maven.org/maven2/org/postgresql/postgresql/42.7.7/postgresql-42.7.7.jar", sum, drivers),
//		initc.WaitForTCP("db.prod.svc:5432"),
//		initc.Liquibase(changelogs, "changelog.yaml", "jdbc:postgresql://db.prod.svc:5432/web", login,
//			initc.LiquibaseOptions{Drivers: drivers}),
//	)
package initc
