package check

import "strings"

var imageRules = []Rule{
	{ID: "image-missing", Level: Rejected,
		Title: "a container has no image",
		Why:   "there is nothing to run: the API server refuses the pod",
		Fix:   "name the image, with its tag",
		Bad:   `containers: [{name: web, image: ""}]`,
		Good:  `containers: [{name: web, image: web:1.4.0}]`,
		pod: func(x *index, r *Rule) {
			for _, c := range x.containers {
				if c.Image == "" {
					x.report(r, c, ".image", required("", ""))
				}
			}
		}},
	{ID: "image-whitespace", Level: Rejected,
		Title: "there is space around the name of an image",
		Why:   "no image has such a name: the API server refuses the pod; a workload it accepts, and then no pod is made",
		Fix:   "remove the space",
		Bad:   `containers: [{name: web, image: "web:1.4.0 "}]`,
		Good:  `containers: [{name: web, image: web:1.4.0}]`,
		pod: func(x *index, r *Rule) {
			level := r.Level
			if x.template {
				level = Broken // the API server looks at it in pods only
			}
			for _, c := range x.containers {
				if strings.TrimSpace(c.Image) != c.Image {
					f := invalid(c.Image, "must not have leading or trailing whitespace", "")
					f.Level = level
					x.report(r, c, ".image", f)
				}
			}
		}},
	{ID: "image-tag", Level: Warning,
		Title: "an image has no tag, or the tag latest",
		Why:   "each node runs what latest was on the day it pulled: pods of one workload differ, and a rollback brings nothing back",
		Fix:   "name the version, such as web:1.4.0, or the digest",
		Bad:   `containers: [{name: web, image: "web:latest"}]`,
		Good:  `containers: [{name: web, image: "web:1.4.0"}]`,
		pod: func(x *index, r *Rule) {
			for _, c := range x.containers {
				if !resolved(c.Image) {
					continue
				}
				switch _, tag, digest := imageParts(c.Image); {
				case digest || tag != "" && tag != "latest":
				case strings.HasPrefix(hubImage(c.Image), "bitnami/"): // which has no other: image-outdated says it
				case tag == "":
					x.report(r, c, ".image", invalid(c.Image, "has no tag, which means latest", ""))
				default:
					x.report(r, c, ".image", invalid(c.Image, "the tag latest is another image every day", ""))
				}
			}
		}},
}

// resolved says whether image is one that a node can pull, and nothing that a tool
// puts in place before, such as ko://example.com/web or ${IMAGE}.
func resolved(image string) bool {
	return image != "" && !strings.ContainsAny(image, " \t\n${}<>") && !strings.Contains(image, "://")
}
