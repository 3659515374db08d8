package initc_test

import (
	"slices"
	"testing"

	"github.com/podpattern/podpattern/initc"
	"github.com/stretchr/testify/require"
)

// The NetworkPolicy allows what a JDBC URL dials, as far as it can be read.
func TestJDBCURLsAreDialled(t *testing.T) {
	tests := map[string][]int32{
		"jdbc:postgresql://db.example.com:6432/web":                     {6432},
		"jdbc:postgresql://db.example.com/web?sslmode=verify-full":      {5432},
		"jdbc:postgresql://a:1,b:2/web?targetServerType=primary":        {1, 2},
		"jdbc:postgresql://[2001:db8::1]/web":                           {5432},
		"jdbc:mysql://db.example.com/web":                               {3306},
		"jdbc:sqlserver://db.example.com;databaseName=web;encrypt=true": {1433},
		"jdbc:oracle:thin:@db.example.com:1521:web":                     nil,
		"jdbc:oracle:thin:/@web_high?TNS_ADMIN=/wallet":                 nil,
		"jdbc:h2:mem:web": nil,
		"jdbc:snowflake://account.example.com/?db=web":                   nil, // its port is not known
		`jdbc:sqlserver://db.example.com\instance:1433;databaseName=web`: nil,
		"jdbc:postgresql:web": nil,
		"jdbc:mysql:loadbalance://a.example.com,b.example.com:3307/web":                 {3306, 3307},
		"jdbc:mariadb:sequential://a.example.com:3307,b.example.com:3308/web?opt=a,b/c": {3307, 3308},
	}
	for url, want := range tests {
		t.Run(url, func(t *testing.T) {
			policy, err := hardened.WithInit(initc.Flyway(migrations, url, login)).NetworkPolicy().Build()
			require.NoError(t, err)
			var got []int32
			for _, rule := range policy.Spec.Egress {
				for _, p := range rule.Ports {
					if p.Port != nil && p.Port.IntVal != 53 && !slices.Contains(got, p.Port.IntVal) {
						got = append(got, p.Port.IntVal)
					}
				}
			}
			require.ElementsMatch(t, want, got)
		})
	}
}
