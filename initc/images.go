package initc

// The images that the helpers run, each pinned; Image in the chain after a helper,
// or Images on the pod, replaces one.
const (
	busyboxImage   = "docker.io/library/busybox:1.38.0"
	curlImage      = "docker.io/curlimages/curl:8.21.0"
	flywayImage    = "docker.io/flyway/flyway:12.11.0-alpine"
	gitSyncImage   = "registry.k8s.io/git-sync/git-sync:v4.7.1"
	gomplateImage  = "docker.io/hairyhenderson/gomplate:v5.2.0"
	liquibaseImage = "docker.io/liquibase/liquibase:5.0.2"
	migrateImage   = "docker.io/migrate/migrate:v4.19.1"
	vaultImage     = "docker.io/hashicorp/vault:2.0.4"
)
