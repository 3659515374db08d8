package catalogue

import (
	"github.com/podpattern/podpattern/initc"
	"github.com/podpattern/podpattern/pattern"
)

// anySum is a checksum of nothing that matters.
const anySum = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"

func inits() []Use {
	models := empty("models")
	curl := Verified{"curl, sha256sum, tar, unzip: run", "TestDownload"}
	volumes := func(test string) Verified { return Verified{"busybox: run", test} }
	settings, uploads, agents := empty("settings"), empty("uploads"), empty("agents")
	gomplate, rendered := Verified{"text/template: syntax; allow-list of flags", "TestRenderTemplate"}, empty("rendered")
	flags := Verified{"allow-list of flags and variables", "TestMigrationsSayWhatTheirProgramsKnow"}
	migrations, login := pattern.ConfigMap("migrations").Volume("migrations"), pattern.Secret("db")
	const database = "jdbc:postgresql://db.prod.svc:5432/web"
	return []Use{
		use("initc.Download", "a file", curl, initc.Download("https://models.example.com/v7/model.onnx", anySum, models), reads("models", models)),
		use("initc.Download", "an archive, with a header from a Secret", curl,
			initc.Download("https://models.example.com/v7.tar.gz", anySum, models, initc.DownloadOptions{Unpack: "tar.gz", Header: pattern.Secret("models")}),
			reads("models", models)),
		use("initc.WriteConfig", "a file", volumes("TestWriteConfig"), initc.WriteConfig(map[string]string{"app.ini": "[server]\nport = 8080\n"}, settings), writes("settings", settings)),
		use("initc.Permissions", "by their owner", volumes("TestPermissions"), initc.Permissions(uploads, initc.PermissionsOptions{Mode: "g+rwX"}), writes("uploads", uploads)),
		unrestricted("who gives files to another user is root", use("initc.Permissions", "by root", volumes("TestPermissions"),
			initc.Permissions(uploads, initc.PermissionsOptions{UID: 10001, Mode: "u+rwX"}), writes("uploads", uploads))),
		use("initc.CopyFrom", "a folder", Verified{"busybox, coreutils: run", "TestCopyFrom"}, initc.CopyFrom("registry.example.com/agent:1.6.0", "/opt/agent/.", agents), reads("agents", agents)),
		use("initc.RenderTemplate", "with a password", gomplate,
			initc.RenderTemplate("db.ini", "password = {{ .Env.PASSWORD }}\n", rendered).EnvSecret("PASSWORD", pattern.Secret("db"), "password"), reads("rendered", rendered)),
		use("initc.RenderTemplate", "of a ConfigMap", gomplate,
			initc.RenderTemplate("nginx.conf", "", rendered, initc.RenderTemplateOptions{LeftDelim: "[[", RightDelim: "]]"}).ConfigFrom(pattern.ConfigMap("site").Volume("site"), "nginx.conf"), reads("rendered", rendered)),
		use("initc.GolangMigrate", "of a ConfigMap", Verified{"golang-migrate: run on PostgreSQL", "TestMigrateAPostgres"}, initc.GolangMigrate(migrations, login, "url")),
		use("initc.Flyway", "of a ConfigMap", flags, initc.Flyway(migrations, database, login)),
		use("initc.Liquibase", "with drivers of a claim", flags, initc.Liquibase(migrations, "changelog.yaml", database, login, initc.LiquibaseOptions{Drivers: pattern.PVC("drivers", "jdbc-drivers")})),
		use("initc.Gate", "in time", volumes("TestGate"), initc.Gate("check-config", "registry.example.com/check:1.4", initc.GateOptions{Command: []string{"check", "--strict"}, TimeoutSeconds: 60})),
		unrestricted("it changes the node", use("initc.Sysctl", "of the node", volumes("TestSysctl"), initc.Sysctl(map[string]string{"vm.max_map_count": "262144"}))),
	}
}

// unrestricted lists a helper that can't run where Pod Security restricted is
// enforced.
func unrestricted(why string, u Use) Use {
	u.Unrestricted = why
	return u
}
