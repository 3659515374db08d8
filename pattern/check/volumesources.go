package check

import (
	"fmt"
	"strings"

	"github.com/podpattern/podpattern/internal/names"
	"github.com/podpattern/podpattern/internal/release"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/validation"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

// volumeSourceRules end with the one that needs to know which volumes are wrong.
var volumeSourceRules = []Rule{
	{ID: "volume-reference", Level: Rejected,
		Title: "a volume doesn't name its object, or has a name that no object can have",
		Why:   "without a name the API server refuses the pod; with an impossible one it accepts it, and the pod waits for the object for ever",
		Fix:   "the name of the object: small letters, digits, - and dots, with a letter or digit at both ends",
		Bad:   `{volumes: [{name: config, configMap: {}}], containers: [{name: web, volumeMounts: [{name: config, mountPath: /etc/web}]}]}`,
		Good:  `{volumes: [{name: config, configMap: {name: web}}], containers: [{name: web, volumeMounts: [{name: config, mountPath: /etc/web}]}]}`,
		pod:   func(x *index, r *Rule) { x.eachVolume(r, volumeSite.references) }},
	{ID: "csi-driver", Level: Rejected,
		Title: "a csi volume doesn't name its driver, or names one that can't be",
		Why:   "nobody could mount it: the API server refuses the pod",
		Fix:   "the name that the driver registers, such as secrets-store.csi.k8s.io",
		Bad:   `{volumes: [{name: keys, csi: {driver: secrets_store}}], containers: [{name: web, volumeMounts: [{name: keys, mountPath: /keys, readOnly: true}]}]}`,
		Good:  `{volumes: [{name: keys, csi: {driver: secrets-store.csi.k8s.io, readOnly: true}}], containers: [{name: web, volumeMounts: [{name: keys, mountPath: /keys, readOnly: true}]}]}`,
		pod:   func(x *index, r *Rule) { x.eachVolume(r, volumeSite.driver) }},
	{ID: "image-volume", Level: Rejected,
		Title: "an image volume names no image, or this version of Kubernetes doesn't know image volumes",
		Why:   "there is nothing to mount: the API server refuses the pod, and before 1.35 drops the volume with its mounts",
		Fix:   "set reference, and pullPolicy to Always, IfNotPresent or Never; before 1.35 copy the files with an init container",
		Bad:   `{volumes: [{name: model, image: {pullPolicy: IfNotPresent}}], containers: [{name: web, volumeMounts: [{name: model, mountPath: /model, readOnly: true}]}]}`,
		Good:  `{volumes: [{name: model, image: {reference: "registry.example.com/model:2.1.0", pullPolicy: IfNotPresent}}], containers: [{name: web, volumeMounts: [{name: model, mountPath: /model, readOnly: true}]}]}`,
		pod:   func(x *index, r *Rule) { x.eachVolume(r, volumeSite.image) }},
}

// references: the API server wants a name and mostly doesn't look at it.
func (v volumeSite) references() {
	switch v.source {
	case "configMap":
		v.reference(v.ConfigMap.Name, ".configMap.name", v.ConfigMap.Optional)
	case "secret":
		v.reference(v.Secret.SecretName, ".secret.secretName", v.Secret.Optional)
	case "persistentVolumeClaim":
		v.reference(v.PersistentVolumeClaim.ClaimName, ".persistentVolumeClaim.claimName", nil)
	case "azureFile":
		v.reference(v.AzureFile.SecretName, ".azureFile.secretName", nil)
	case "cinder":
		if ref := v.Cinder.SecretRef; ref != nil {
			v.reference(ref.Name, ".cinder.secretRef.name", nil)
		}
	case "storageos":
		if ref := v.StorageOS.SecretRef; ref != nil {
			v.reference(ref.Name, ".storageos.secretRef.name", nil)
		}
	case "csi":
		if ref := v.CSI.NodePublishSecretRef; ref != nil {
			v.require(ref.Name, ".csi.nodePublishSecretRef.name")
			v.reportEach(".csi.nodePublishSecretRef.name", ref.Name, v.subdomain(ref.Name))
		}
	case "projected":
		for i := range v.Projected.Sources {
			if s := v.Projected.Sources[i].Secret; s != nil {
				v.reference(s.Name, ".projected.sources"+at(i)+".secret.name", s.Optional)
			}
			if s := v.Projected.Sources[i].ConfigMap; s != nil {
				v.reference(s.Name, ".projected.sources"+at(i)+".configMap.name", s.Optional)
			}
		}
	}
}

// reference reports a name that is missing, and one that no object can have, which
// the API server accepts. An optional object need not be there.
func (v volumeSite) reference(name, fields string, optional *bool) {
	if name == "" {
		v.report(fields, required("", ""))
		return
	}
	if isTrue(optional) {
		return
	}
	if msgs := v.subdomain(name); len(msgs) > 0 {
		f := invalid(name, "is no name of an object: "+strings.Join(msgs, "; "), "")
		f.Level = Broken
		v.report(fields, f)
	}
}

// subdomain says what is wrong with a name that is not empty.
func (v volumeSite) subdomain(name string) []string {
	if name == "" || names.IsSubdomain(name) {
		return nil
	}
	return validation.IsDNS1123Subdomain(name)
}

func (v volumeSite) driver() {
	if v.source != "csi" {
		return
	}
	name := v.CSI.Driver
	if name == "" {
		v.report(".csi.driver", required("", ""))
		return
	}
	if len(name) > 63 {
		v.report(".csi.driver", Finding{Type: field.ErrorTypeTooLong, Detail: "may not be more than 63 bytes"})
	}
	v.reportEach(".csi.driver", name, v.subdomain(strings.ToLower(name)))
}

// image: before image volumes were on by default, the API server drops them.
// upstream: kubernetes/kubernetes pkg/api/pod/util.go dropImageVolumes
func (v volumeSite) image() {
	if v.Image == nil {
		return
	}
	if !v.x.target.Has(release.ImageVolumes) {
		f := forbidden(fmt.Sprintf("Kubernetes %s drops the volume and its mounts unless the feature gate ImageVolume is on", v.x.target), "")
		f.Level = Broken
		v.report(".image", f)
		return
	}
	if v.source != "image" {
		return
	}
	if v.Image.Reference == "" {
		f := required("", "")
		if v.x.template {
			f.Level = Broken // the API server looks at it in pods only
		}
		v.report(".image.reference", f)
	}
	switch v.Image.PullPolicy {
	case "", corev1.PullAlways, corev1.PullIfNotPresent, corev1.PullNever:
	default:
		v.report(".image.pullPolicy", notSupported(v.Image.PullPolicy, corev1.PullAlways, corev1.PullIfNotPresent, corev1.PullNever))
	}
}
