package pattern_test

import (
	"strings"
	"testing"

	"github.com/podpattern/podpattern/pattern"
	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"
)

func TestImagesAreReplacedEverywhere(t *testing.T) {
	mirror := func(image string) string { return "mirror.example.com/" + image }
	p := with(web().Mount(pattern.ImageVolume("model", "model:1"), "/model"), side("s").Edit(func(c *corev1.Container) { c.Image = "other:2" })).
		WithInit(setup("i")).Target("1.36").
		Images(mirror).Images(strings.ToUpper)
	pod := build(t, p)
	require.Equal(t, "MIRROR.EXAMPLE.COM/WEB:1", pod.Spec.Containers[0].Image)
	require.Equal(t, "MIRROR.EXAMPLE.COM/OTHER:2", container(t, &pod.Spec, "s").Image)
	require.Equal(t, "MIRROR.EXAMPLE.COM/I:1", container(t, &pod.Spec, "i").Image)
	require.Equal(t, "MIRROR.EXAMPLE.COM/MODEL:1", volume(t, &pod.Spec, "model").Image.Reference)
	require.Equal(t, pod, build(t, p), "a second Build goes over nothing twice")
}

func TestAnImageThatIsReplacedByNothing(t *testing.T) {
	f := only(t, with(web()).Images(func(string) string { return "" }).Findings(), "image-missing")
	require.Equal(t, "spec.containers[0].image", f.Path)
}
