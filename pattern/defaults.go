package pattern

import (
	"cmp"
	"encoding/binary"
	"encoding/hex"
	"hash/crc32"
	"path"
	"slices"
	"strings"

	"github.com/podpattern/podpattern/internal/yamlenc"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/equality"
)

// The API server fills in what a pod leaves out: what a bundle wrote and what is read
// back are compared with the defaults in both.
// upstream: kubernetes/kubernetes pkg/apis/core/v1/defaults.go

// stored gives a part as the API server stores it. The given one stays as it is, and shares
// with the result what the API server leaves alone.
func stored(value any) any {
	switch v := value.(type) {
	case *corev1.Container:
		return storedContainer(*v)
	case *corev1.Volume:
		return &corev1.Volume{Name: v.Name, VolumeSource: *defaulted(&v.VolumeSource)}
	case *corev1.EnvVar:
		e := *v
		defaultEnv(&e)
		return &e
	case *corev1.LifecycleHandler:
		return storedHandler(v)
	}
	return value
}

// appendCore prints what nobody but its author says of a container.
func appendCore(text []byte, c *corev1.Container) []byte {
	before := byte('[')
	for _, field := range [...]any{&c.Image, &c.Command, &c.Args, &c.WorkingDir, c.RestartPolicy} {
		text = appendJSON(append(text, before), field)
		before = ','
	}
	return append(text, ']')
}

// appendStored prints a part as the API server stores it: parts of one text are the same.
func appendStored(text []byte, value any) []byte {
	if s, is := value.(*string); is {
		return append(text, *s...)
	}
	return appendJSON(text, stored(value))
}

// inJSON prints values of the API, which can always be printed.
func inJSON(value any) []byte { return appendJSON(nil, value) }

func appendJSON(text []byte, value any) []byte {
	out, err := yamlenc.AppendJSON(text, value)
	if err != nil {
		return append(text, "null"...)
	}
	return out
}

// textHash has eight digits in hexadecimal: it tells a part from what it was before, and
// has no secret to keep.
func textHash(text []byte) string {
	var sum [4]byte
	binary.BigEndian.PutUint32(sum[:], checksum(text))
	return hex.EncodeToString(sum[:])
}

func checksum(text []byte) uint32 { return crc32.Checksum(text, crc32.MakeTable(crc32.Castagnoli)) }

// writtenAs says whether a part is what the bundle wrote when it noted that hash, as far
// as that can be said of one that others may have filled in.
func writtenAs(hash string, have any) bool {
	if c, is := have.(*corev1.Container); is {
		_, core, _ := strings.Cut(hash, "-")
		return core == textHash(appendCore(nil, c))
	}
	return hash == textHash(appendStored(nil, have))
}

func storedContainer(c corev1.Container) *corev1.Container {
	if c.ImagePullPolicy == "" {
		c.ImagePullPolicy = pullPolicy(c.Image)
	}
	if c.TerminationMessagePath == "" {
		c.TerminationMessagePath = corev1.TerminationMessagePathDefault
	}
	if c.TerminationMessagePolicy == "" {
		c.TerminationMessagePolicy = corev1.TerminationMessageReadFile
	}
	if slices.ContainsFunc(c.Ports, func(p corev1.ContainerPort) bool { return p.Protocol == "" }) {
		c.Ports = slices.Clone(c.Ports)
		for i := range c.Ports {
			c.Ports[i].Protocol = cmp.Or(c.Ports[i].Protocol, corev1.ProtocolTCP)
		}
	}
	if slices.ContainsFunc(c.Env, func(e corev1.EnvVar) bool { return e.ValueFrom != nil }) {
		c.Env = slices.Clone(c.Env)
		for i := range c.Env {
			defaultEnv(&c.Env[i])
		}
	}
	for _, p := range [...]**corev1.Probe{&c.LivenessProbe, &c.ReadinessProbe, &c.StartupProbe} {
		*p = storedProbe(*p)
	}
	if c.Lifecycle != nil {
		l := *c.Lifecycle
		l.PostStart, l.PreStop = storedHandler(l.PostStart), storedHandler(l.PreStop)
		c.Lifecycle = &l
	}
	return &c
}

func pullPolicy(image string) corev1.PullPolicy {
	name, _, digested := strings.Cut(image[strings.LastIndex(image, "/")+1:], "@")
	if _, tag, tagged := strings.Cut(name, ":"); tag == "latest" || !tagged && !digested {
		return corev1.PullAlways
	}
	return corev1.PullIfNotPresent
}

func defaultEnv(e *corev1.EnvVar) {
	if e.ValueFrom == nil {
		return
	}
	e.ValueFrom = e.ValueFrom.DeepCopy()
	if f := e.ValueFrom.FieldRef; f != nil && f.APIVersion == "" {
		f.APIVersion = "v1"
	}
	if f := e.ValueFrom.FileKeyRef; f != nil && f.Optional == nil {
		f.Optional = new(false)
	}
}

func storedProbe(there *corev1.Probe) *corev1.Probe {
	if there == nil {
		return nil
	}
	p := *there
	for _, f := range [...]struct {
		field    *int32
		standard int32
	}{{&p.TimeoutSeconds, 1}, {&p.PeriodSeconds, 10}, {&p.SuccessThreshold, 1}, {&p.FailureThreshold, 3}} {
		if *f.field == 0 {
			*f.field = f.standard
		}
	}
	p.HTTPGet = storedHTTPGet(p.HTTPGet)
	if p.GRPC != nil && p.GRPC.Service == nil {
		p.GRPC = &corev1.GRPCAction{Port: p.GRPC.Port, Service: new("")}
	}
	return &p
}

func storedHandler(there *corev1.LifecycleHandler) *corev1.LifecycleHandler {
	if there == nil {
		return nil
	}
	h := *there
	h.HTTPGet = storedHTTPGet(h.HTTPGet)
	return &h
}

func storedHTTPGet(there *corev1.HTTPGetAction) *corev1.HTTPGetAction {
	if there == nil {
		return nil
	}
	h := *there
	if h.Path == "" {
		h.Path = "/"
	}
	if h.Scheme == "" {
		h.Scheme = corev1.URISchemeHTTP
	}
	return &h
}

// samePart says whether two parts are the same, but for defaults.
func samePart(want, have any) bool { return equality.Semantic.DeepEqual(stored(want), stored(have)) }

// keptPart says whether a part that the bundle wrote like this is still so.
func keptPart(wrote, have any) bool {
	if w, ok := wrote.(*corev1.Container); ok {
		return keptContainer(w, have.(*corev1.Container))
	}
	return samePart(wrote, have)
}

// keptContainer leaves to others what the helper leaves open: variables and mounts
// beside its own, as the token that the API server mounts, resources that it doesn't
// name, as those of a LimitRange, settings of security that a policy fills in, and
// probes that a mesh leads through its proxy.
func keptContainer(want, have *corev1.Container) bool {
	want, have = storedContainer(*want), storedContainer(*have.DeepCopy())
	have.Env = slices.DeleteFunc(have.Env, func(e corev1.EnvVar) bool {
		return !slices.ContainsFunc(want.Env, func(w corev1.EnvVar) bool { return w.Name == e.Name })
	})
	have.EnvFrom = slices.DeleteFunc(have.EnvFrom, func(e corev1.EnvFromSource) bool {
		return !slices.ContainsFunc(want.EnvFrom, func(w corev1.EnvFromSource) bool { return envFromKey(&w) == envFromKey(&e) })
	})
	have.VolumeMounts = slices.DeleteFunc(have.VolumeMounts, func(m corev1.VolumeMount) bool {
		return !slices.ContainsFunc(want.VolumeMounts, func(w corev1.VolumeMount) bool { return path.Clean(w.MountPath) == path.Clean(m.MountPath) })
	})
	for _, r := range [...]struct{ want, have corev1.ResourceList }{{want.Resources.Limits, have.Resources.Limits}, {want.Resources.Requests, have.Resources.Requests}} {
		for name := range r.have {
			if _, named := r.want[name]; !named {
				delete(r.have, name)
			}
		}
	}
	for i := range min(len(have.Ports), len(want.Ports)) { // on the network of the node the API server fills it in
		if p := &have.Ports[i]; want.Ports[i].HostPort == 0 && p.HostPort == p.ContainerPort {
			p.HostPort = 0
		}
	}
	if equality.Semantic.DeepDerivative(want.SecurityContext, have.SecurityContext) {
		have.SecurityContext = want.SecurityContext
	}
	for _, p := range [...]struct{ want, have **corev1.Probe }{{&want.LivenessProbe, &have.LivenessProbe}, {&want.ReadinessProbe, &have.ReadinessProbe}, {&want.StartupProbe, &have.StartupProbe}} {
		if *p.want != nil && ledThroughMesh(*p.have, have.Name) {
			*p.have = *p.want
		}
	}
	return equality.Semantic.DeepEqual(want, have)
}

// ledThroughMesh says whether a probe is one that Istio asks in the container's place.
// upstream: istio/istio pilot/cmd/pilot-agent/status/util.go, FormatProberURL
func ledThroughMesh(p *corev1.Probe, container string) bool {
	return p != nil && p.HTTPGet != nil && strings.HasPrefix(p.HTTPGet.Path, "/app-health/"+container+"/")
}
