package ambassador_test

import (
	"fmt"

	"github.com/podpattern/podpattern/ambassador"
	"github.com/podpattern/podpattern/pattern"
)

// Two instances, each with its variables; the pod's identity logs in.
func ExampleCloudSQL() {
	db := ambassador.CloudSQL("db", "shop:europe-west1:orders", ambassador.CloudSQLOptions{
		PrivateIP: true,
		IAMAuth:   true,
		Instances: []ambassador.CloudSQLInstance{{Name: "reports", Instance: "shop:europe-west1:reports"}},
	})
	pod, err := pattern.Pod("web").ServiceAccount("web").WithApp(pattern.App("web", "web:1.4")).WithAmbassador(db).Build()
	if err != nil {
		fmt.Println(err)
		return
	}
	showEnv(pod)
	// Output:
	// DB_HOST=127.0.0.1
	// DB_PORT=5432
	// REPORTS_HOST=127.0.0.1
	// REPORTS_PORT=5433
}
