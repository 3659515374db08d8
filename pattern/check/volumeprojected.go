package check

var projectedRules = []Rule{
	{ID: "projected-source", Level: Rejected,
		Title: "a projected volume has a wrong source, or two files with the same path",
		Why:   "the kubelet couldn't make the files: the API server refuses the pod",
		Fix:   "one kind of object in each source, a path for each token, and each path once",
		Bad:   `{volumes: [{name: all, projected: {sources: [{secret: {name: web, items: [{key: key, path: web}]}}, {configMap: {name: web, items: [{key: conf, path: web}]}}]}}], containers: [{name: web, volumeMounts: [{name: all, mountPath: /etc/web}]}]}`,
		Good:  `{volumes: [{name: all, projected: {sources: [{secret: {name: web, items: [{key: key, path: web.key}]}}, {configMap: {name: web, items: [{key: conf, path: web.conf}]}}]}}], containers: [{name: web, volumeMounts: [{name: all, mountPath: /etc/web}]}]}`,
		pod:   func(x *index, r *Rule) { x.eachVolume(r, volumeSite.projected) }},
}

// projected: the API server drops clusterTrustBundle and podCertificate, whose
// feature gates are off by default, before it looks at the sources.
// upstream: kubernetes/kubernetes pkg/apis/core/validation/validation.go validateProjectionSources
func (v volumeSite) projected() {
	if v.source != "projected" {
		return
	}
	var paths firsts[string]
	once := func(path string, value string) {
		if _, dup := paths.at(path, 0); dup && path != "" {
			v.report(".projected", invalid(value, "conflicting duplicate paths", "give each file a path of its own: "+path+" comes twice"))
		}
	}
	for i := range v.Projected.Sources {
		s := &v.Projected.Sources[i]
		kinds := 0
		if s.Secret != nil {
			kinds++
			for j := range s.Secret.Items {
				once(s.Secret.Items[j].Path, s.Secret.Name)
			}
		}
		if s.ConfigMap != nil {
			kinds++
			for j := range s.ConfigMap.Items {
				once(s.ConfigMap.Items[j].Path, s.ConfigMap.Name)
			}
		}
		if s.DownwardAPI != nil {
			kinds++
			for j := range s.DownwardAPI.Items {
				once(s.DownwardAPI.Items[j].Path, s.DownwardAPI.Items[j].Path)
			}
		}
		if s.ServiceAccountToken != nil {
			kinds++
			v.token(i)
		}
		if kinds > 1 {
			v.report(".projected.sources"+at(i), forbidden("may not specify more than 1 volume type per source", "make a source of each"))
		}
	}
}

// token: without expirationSeconds a token is good for an hour.
func (v volumeSite) token(i int) {
	token := v.Projected.Sources[i].ServiceAccountToken
	if seconds := token.ExpirationSeconds; seconds != nil {
		if *seconds < 10*60 {
			v.report(".projected.sources"+at(i)+".serviceAccountToken.expirationSeconds", invalid(*seconds, "may not specify a duration less than 10 minutes", "600 or more"))
		}
		if *seconds > 1<<32 {
			v.report(".projected.sources"+at(i)+".serviceAccountToken.expirationSeconds", invalid(*seconds, "may not specify a duration larger than 2^32 seconds", "such as 3600"))
		}
	}
	if token.Path == "" {
		v.report(".projected.sources"+at(i)+".serviceAccountToken.path", required("", ""))
	} else if leavesVolume(token.Path) {
		v.localPath(token.Path, ".projected.sources"+at(i)+".serviceAccountToken.path")
	}
}
