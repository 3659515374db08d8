package podgen

import (
	"reflect"
	"strings"
	"time"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/intstr"
)

// fill sets a value and all below it; at is the type and field that it belongs
// to.
func (g *Generator) fill(v reflect.Value, at string) {
	switch x := v.Addr().Interface().(type) {
	case *resource.Quantity:
		*x = g.quantity(at)
		return
	case *intstr.IntOrString:
		*x = g.portOrName()
		return
	case *metav1.Time:
		*x = metav1.NewTime(time.Unix(1700000000, 0))
		return
	case *metav1.FieldsV1:
		x.SetRawBytes([]byte("{}"))
		return
	}
	switch v.Kind() {
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		g.fill(v.Elem(), at)
	case reflect.Struct:
		g.fillStruct(v)
	case reflect.Slice:
		n := 1 + g.r.IntN(2)
		if g.chance(g.bad) {
			n = pick(g, []int{0, 1, 3, 4})
		}
		if g.chance(g.bad / 20) {
			n = pick(g, []int{35, 300}) // more than a list may hold
			if v.Type().Elem().Kind() == reflect.Struct {
				n = 35
			}
		}
		s := reflect.MakeSlice(v.Type(), n, n)
		for i := range n {
			g.fill(s.Index(i), at)
		}
		v.Set(s)
	case reflect.Map:
		v.Set(reflect.MakeMap(v.Type()))
		for range 1 + g.r.IntN(2) {
			g.addEntry(v, at)
		}
	default:
		g.scalar(v, at)
	}
}

// optional says how likely a field is set that may be left out.
const optional = 0.3

func (g *Generator) fillStruct(v reflect.Value) {
	t := v.Type()
	if oneOf(t) {
		g.fillOne(v)
		return
	}
	for i := range t.NumField() {
		f := t.Field(i)
		likely := 1 - g.bad/4
		if strings.Contains(f.Tag.Get("json"), "omitempty") && !wanted[t.Name()+"."+f.Name] {
			likely = optional
		}
		if refused[t.Name()+"."+f.Name] {
			likely = g.bad / 10
		}
		if f.Anonymous || g.chance(likely) {
			g.fill(v.Field(i), t.Name()+"."+f.Name)
		} else {
			v.Field(i).SetZero()
		}
	}
	if !g.chance(g.bad) {
		g.repair(v.Addr().Interface())
	}
}

// fillOne fills one of the fields of a struct that takes one only; a bad one has
// none or two.
func (g *Generator) fillOne(v reflect.Value) {
	v.SetZero()
	n := 1
	if g.chance(g.bad / 3) {
		n = pick(g, []int{0, 2})
	}
	for range n {
		i := g.r.IntN(v.NumField())
		g.fill(v.Field(i), v.Type().Name()+"."+v.Type().Field(i).Name)
	}
}

func oneOf(t reflect.Type) bool {
	switch t {
	case reflect.TypeFor[corev1.VolumeSource](), reflect.TypeFor[corev1.ProbeHandler](), reflect.TypeFor[corev1.LifecycleHandler](),
		reflect.TypeFor[corev1.EnvVarSource](), reflect.TypeFor[corev1.VolumeProjection]():
		return true
	}
	return false
}

// wanted are fields that the API asks for though the type lets them out.
var wanted = map[string]bool{
	"ContainerRestartRule.ExitCodes": true, "PersistentVolumeClaimSpec.AccessModes": true,
	"VolumeResourceRequirements.Requests": true, "NodeSelectorRequirement.Values": true,
	"Container.Image": true, "Toleration.Operator": true, "ProjectedVolumeSource.Sources": true,
	"SecretVolumeSource.SecretName": true, "LocalObjectReference.Name": true, "EphemeralVolumeSource.VolumeClaimTemplate": true,
	"ContainerRestartRuleOnExitCodes.Values": true, "ImageVolumeSource.Reference": true,
}

// refused are fields that are nearly always wrong to set.
var refused = map[string]bool{
	"PodSpec.EphemeralContainers": true, "PodResourceClaim.ResourceClaimTemplateName": true,
	"ObjectMeta.Name": true, "ObjectMeta.GenerateName": true, "ObjectMeta.Namespace": true, "ObjectMeta.SelfLink": true,
	"ObjectMeta.UID": true, "ObjectMeta.ResourceVersion": true, "ObjectMeta.Generation": true, "ObjectMeta.CreationTimestamp": true,
	"ObjectMeta.DeletionTimestamp": true, "ObjectMeta.DeletionGracePeriodSeconds": true, "ObjectMeta.OwnerReferences": true,
	"ObjectMeta.Finalizers": true, "ObjectMeta.ManagedFields": true,
}

// addEntry puts something in a map.
func (g *Generator) addEntry(m reflect.Value, at string) {
	k := reflect.New(m.Type().Key()).Elem()
	v := reflect.New(m.Type().Elem()).Elem()
	if m.Type() == reflect.TypeFor[corev1.ResourceList]() {
		k.SetString(g.draw(resourceNames))
		if g.chance(g.bad / 4) {
			k.SetString(g.misspell(k.String()))
		}
		if strings.HasPrefix(at, "VolumeResource") && !g.chance(g.bad) {
			k.SetString("storage")
		}
		g.fill(v, at)
	} else {
		g.scalar(k, at+"/key")
		g.scalar(v, at+"/value")
	}
	m.SetMapIndex(k, v)
}
