package initc

import (
	"regexp"
	"strconv"

	"github.com/podpattern/podpattern/internal/opt"
	"github.com/podpattern/podpattern/pattern"
)

// PermissionsOptions says what [Permissions] changes; the zero value is nothing,
// which is an error.
type PermissionsOptions struct {
	// Mode is what everything in the volume gets, as chmod takes it, such as g+rwX;
	// folders get a number such as 0770 too, and can't be entered without its x.
	// Default: the permissions stay as they are.
	Mode string
	// UID and GID are whose everything in the volume becomes. That needs a container
	// that runs as root. Default: the owner stays as it is.
	UID, GID int64
}

// Permissions changes the permissions, or the owner, of all that is in a volume
// before the app starts.
//
//	initc.Permissions(uploads, initc.PermissionsOptions{Mode: "g+rwX"}).RunAsUser(1000)
//
// PodBuilder.FSGroup is the first choice: the kubelet then lets a group write the
// emptyDirs, Secrets and claims of the pod, without a container, and with
// FSGroupChangePolicy looks at the root of the volume only. This is for what it can't
// do: volumes of the node (hostPath), NFS shares, drivers that don't support it, and
// a Mode.
//
// It adds a busybox container permissions, with 16 MiB, that mounts the volume at
// /volume. With a Mode alone it has no rights, and runs as user 65534 or, by
// RunAsUser in the chain, as the user whose files they are: a file of another one is an
// error, but for the volume's own folder and its lost+found. With a UID or GID it runs
// as root, with the capabilities CHOWN, DAC_OVERRIDE, FOWNER and FSETID and no others: Pod Security baseline allows it, restricted doesn't,
// and the pod has a finding that says so (pss-restricted).
//
// Every file is touched at each start of the pod, which takes its time on a large
// claim. Symbolic links are not followed. An NFS server that squashes root lets it
// change no owner.
//
// Defaults: image busybox, uid 65534, 5m CPU, 8Mi memory, at most 16Mi.
//
// Options: the last of several wins as a whole.
//
// docs: concepts/security/pod-security-standards; tasks/configure-pod-container/
// security-context, volume permission and ownership change policy.
func Permissions(v pattern.Volume, opts ...PermissionsOptions) pattern.InitContainer {
	o := opt.Last(opts)
	c := tells(confined(pattern.Init("permissions", busyboxImage), nobody)).
		Requests("5m", "8Mi").Limits("", "16Mi").
		Writes(v, "/volume")
	owner := owner(o.UID, o.GID)
	if owner != "" {
		c = c.RunAsUser(0).RunAsGroup(0).AddCapabilities("CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID")
	}
	switch {
	case owner != "" && o.Mode != "":
		c = c.Command("sh", "-c", `chown -Rh "$1" /volume && chmod -R "$2" /volume`, "permissions", owner, o.Mode)
	case owner != "":
		c = c.Command("chown", "-Rh", owner, "/volume")
	case o.Mode != "":
		c = c.Command("sh", "-c", chmodOwn, "permissions", o.Mode)
	default:
		c = c.Reject("options", "", "say what to change: a Mode, a UID or a GID")
	}
	if o.Mode != "" && !mode.MatchString(o.Mode) {
		c = c.Reject("Mode", o.Mode, "want what chmod takes, such as g+rwX or 0770")
	}
	if o.UID < 0 {
		c = c.Reject("UID", o.UID, "want the number of a user")
	}
	if o.GID < 0 {
		c = c.Reject("GID", o.GID, "want the number of a group")
	}
	return c
}

// chmodOwn has the mode as its argument. The root of most volumes belongs to root, who
// alone may change it; so does the lost+found of a claim.
const chmodOwn = `find /volume -path /volume/lost+found -prune -o ! -type l \( ! -path /volume -o -user "$(id -u)" \) -exec chmod "$1" {} +`

// owner is what chown takes.
func owner(uid, gid int64) string {
	var s string
	if uid != 0 {
		s = strconv.FormatInt(uid, 10)
	}
	if gid != 0 {
		s += ":" + strconv.FormatInt(gid, 10)
	}
	return s
}

// mode is a mode as POSIX has it, in numbers or in letters.
var mode = regexp.MustCompile(`^([0-7]{3,4}|[ugoa]*([-+=][rwxXst]*)+(,[ugoa]*([-+=][rwxXst]*)+)*)$`)
