package check

import (
	"maps"
	"slices"
	"strings"
	"text/tabwriter"

	corev1 "k8s.io/api/core/v1"
)

// String gives a table: a line for each container in start order, one for the pod,
// and one for what sets the request of the pod. An amount is "request / limit"; "-"
// is none.
func (r ResourceReport) String() string {
	names := map[corev1.ResourceName]bool{}
	for _, c := range append(slices.Clone(r.Containers), ContainerResources{Requests: r.Requests, Limits: r.Limits}) {
		for _, list := range [...]corev1.ResourceList{c.Requests, c.Limits} {
			for name := range list {
				names[name] = true
			}
		}
	}
	columns := slices.Sorted(maps.Keys(names))

	var b strings.Builder
	table := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	row := func(head, kind string, cell func(corev1.ResourceName) string) {
		cells := []string{head, kind}
		for _, name := range columns {
			cells = append(cells, cell(name))
		}
		// A Builder takes all that is written to it.
		_, _ = table.Write([]byte(strings.Join(cells, "\t") + "\n"))
	}
	row("CONTAINER", "KIND", func(name corev1.ResourceName) string { return strings.ToUpper(string(name)) })
	for _, c := range r.Containers {
		row(c.Name, c.kind(), func(name corev1.ResourceName) string { return amounts(c.Requests, c.Limits, name) })
	}
	row("pod", string(r.QoS), func(name corev1.ResourceName) string { return amounts(r.Requests, r.Limits, name) })
	if len(r.RequestFrom) > 0 {
		row("", "set by", func(name corev1.ResourceName) string { return r.RequestFrom[name] })
	}
	_ = table.Flush()

	lines := strings.Split(strings.TrimRight(b.String(), "\n"), "\n")
	for i := range lines {
		lines[i] = strings.TrimRight(lines[i], " ")
	}
	return strings.Join(lines, "\n")
}

func (c ContainerResources) kind() string {
	switch {
	case c.Native:
		return "native sidecar"
	case c.Init:
		return "init"
	}
	return "regular"
}

func amounts(requests, limits corev1.ResourceList, name corev1.ResourceName) string {
	amount := func(list corev1.ResourceList) string {
		if q, said := list[name]; said {
			return text(q)
		}
		return "-"
	}
	request, limit := amount(requests), amount(limits)
	if request == "-" && limit == "-" {
		return "-"
	}
	return request + " / " + limit
}
