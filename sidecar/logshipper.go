package sidecar

import (
	"github.com/podpattern/podpattern/internal/opt"
	"github.com/podpattern/podpattern/pattern"
)

// LogShipper reads the log files in a volume and sends each line to a destination,
// with the names of the source, the file, the pod and its namespace. It is
// [FluentBit] under the name log-shipper: take it if you don't care which program
// ships.
//
// Options: the last of several wins as a whole.
func LogShipper(logs pattern.Volume, to Destination, opts ...LogShipperOptions) pattern.SidecarContainer {
	return fluentBit(pattern.Sidecar("log-shipper", fluentBitImage), logs, to, opt.Last(opts))
}
