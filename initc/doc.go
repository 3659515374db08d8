// Package initc has helpers that run before the app and end: the app starts when
// they have succeeded. Each is a constructor that gives an ordinary
// [pattern.InitContainer], with a pinned image, resources and a restricted security
// context; the chain after it changes what is different here.
//
// [WaitForTCP], [WaitForHTTP] and [WaitForDNS] wait for a server, at most for a given
// time. [Migrate], [Flyway] and [Liquibase] bring a database up to date. [GitClone],
// [Download], [CopyFrom], [WriteConfig], [RenderTemplate] and [VaultInit] fill a
// volume, [JMXAgent] brings a JVM the agent that serves its metrics; [Permissions] and [Sysctl] change what the app could not, and [Gate] lets any
// program decide whether the app may start.
package initc
