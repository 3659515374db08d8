package main

import (
	"context"
	"encoding/binary"
	"flag"
	"io"
	"log"
	"net"
	"strings"
	"time"

	"golang.org/x/net/dns/dnsmessage"
	corev1 "k8s.io/api/core/v1"
	discoveryv1 "k8s.io/api/discovery/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes"
	corelisters "k8s.io/client-go/listers/core/v1"
	discoverylisters "k8s.io/client-go/listers/discovery/v1"
	"k8s.io/client-go/tools/clientcmd"
)

// clusterDNS answers the names that pods use for Services:
//
//	SERVICE.NAMESPACE.svc.cluster.local           its cluster IP, or the ready
//	                                              pods of a headless one
//	POD.SERVICE.NAMESPACE.svc.cluster.local       a pod of a headless Service
//	_PORT._PROTO.SERVICE.NAMESPACE.svc.cluster.local   SRV
//
// Every other name does not exist.
type clusterDNS struct {
	services corelisters.ServiceLister
	slices   discoverylisters.EndpointSliceLister
	zone     string
}

// runDNS answers until it can't any more, and says why.
func runDNS(args []string) error {
	flags := flag.NewFlagSet("dns", flag.ExitOnError)
	kubeconfig := flags.String("kubeconfig", "", "how to reach the API server")
	listen := flags.String("listen", "127.0.0.1:5353", "address for UDP and TCP")
	zone := flags.String("zone", "cluster.local.", "the cluster's domain")
	if err := flags.Parse(args); err != nil {
		return err
	}
	config, err := clientcmd.BuildConfigFromFlags("", *kubeconfig)
	if err != nil {
		return err
	}
	client, err := kubernetes.NewForConfig(config)
	if err != nil {
		return err
	}
	factory := informers.NewSharedInformerFactory(client, 0)
	d := &clusterDNS{
		services: factory.Core().V1().Services().Lister(),
		slices:   factory.Discovery().V1().EndpointSlices().Lister(),
		zone:     *zone,
	}
	udp, err := net.ListenPacket("udp", *listen)
	if err != nil {
		return err
	}
	tcp, err := net.Listen("tcp", *listen)
	if err != nil {
		return err
	}
	factory.Start(context.Background().Done())
	factory.WaitForCacheSync(context.Background().Done())
	log.Printf("answering on %s", *listen)
	go d.serveTCP(tcp)
	buf := make([]byte, 4096)
	for {
		n, from, err := udp.ReadFrom(buf)
		if err != nil {
			return err
		}
		if reply := d.answer(buf[:n]); reply != nil {
			_, _ = udp.WriteTo(reply, from)
		}
	}
}

func (d *clusterDNS) serveTCP(l net.Listener) {
	for {
		conn, err := l.Accept()
		if err != nil {
			log.Print(err)
			return
		}
		go func() {
			defer conn.Close()
			for {
				_ = conn.SetDeadline(time.Now().Add(10 * time.Second))
				var size [2]byte
				if _, err := io.ReadFull(conn, size[:]); err != nil {
					return
				}
				query := make([]byte, binary.BigEndian.Uint16(size[:]))
				if _, err := io.ReadFull(conn, query); err != nil {
					return
				}
				reply := d.answer(query)
				if reply == nil {
					return
				}
				if _, err := conn.Write(binary.BigEndian.AppendUint16(nil, uint16(len(reply)))); err != nil {
					return
				}
				if _, err := conn.Write(reply); err != nil {
					return
				}
			}
		}()
	}
}

func (d *clusterDNS) answer(query []byte) []byte {
	var p dnsmessage.Parser
	header, err := p.Start(query)
	if err != nil || header.Response {
		return nil
	}
	q, err := p.Question()
	if err != nil {
		return nil
	}
	reply := dnsmessage.Message{
		Header: dnsmessage.Header{ID: header.ID, Response: true, Authoritative: true,
			RecursionDesired: header.RecursionDesired, RecursionAvailable: true},
		Questions: []dnsmessage.Question{q},
	}
	ips, ports, found := d.lookup(strings.ToLower(q.Name.String()))
	if !found {
		reply.RCode = dnsmessage.RCodeNameError
	}
	h := dnsmessage.ResourceHeader{Name: q.Name, Class: dnsmessage.ClassINET, TTL: 5}
	for _, ip := range ips {
		ip4, ip16 := ip.To4(), ip.To16()
		switch {
		case q.Type == dnsmessage.TypeA && ip4 != nil:
			reply.Answers = append(reply.Answers, dnsmessage.Resource{Header: h, Body: &dnsmessage.AResource{A: [4]byte(ip4)}})
		case q.Type == dnsmessage.TypeAAAA && ip4 == nil:
			reply.Answers = append(reply.Answers, dnsmessage.Resource{Header: h, Body: &dnsmessage.AAAAResource{AAAA: [16]byte(ip16)}})
		}
	}
	if q.Type == dnsmessage.TypeSRV {
		for _, s := range ports {
			target, err := dnsmessage.NewName(s.target)
			if err == nil {
				reply.Answers = append(reply.Answers, dnsmessage.Resource{Header: h,
					Body: &dnsmessage.SRVResource{Weight: 100, Port: s.port, Target: target}})
			}
		}
	}
	packed, err := reply.Pack()
	if err != nil {
		return nil
	}
	return packed
}

type srv struct {
	port   uint16
	target string
}

// lookup finds what a name stands for; found is false if it does not exist.
func (d *clusterDNS) lookup(name string) (ips []net.IP, ports []srv, found bool) {
	rest, ok := strings.CutSuffix(name, ".svc."+d.zone)
	if !ok {
		return nil, nil, false
	}
	parts := strings.Split(rest, ".")
	if len(parts) < 2 || len(parts) > 4 {
		return nil, nil, false
	}
	namespace, service := parts[len(parts)-1], parts[len(parts)-2]
	s, err := d.services.Services(namespace).Get(service)
	if err != nil {
		return nil, nil, false
	}
	before := parts[:len(parts)-2]
	headless := s.Spec.ClusterIP == corev1.ClusterIPNone || s.Spec.ClusterIP == ""
	if len(before) == 2 {
		port, proto := strings.TrimPrefix(before[0], "_"), strings.TrimPrefix(before[1], "_")
		for _, p := range s.Spec.Ports {
			if p.Name == port && strings.EqualFold(string(p.Protocol), proto) {
				ports = append(ports, srv{uint16(p.Port), service + "." + namespace + ".svc." + d.zone})
			}
		}
		return nil, ports, len(ports) > 0
	}
	if !headless {
		if len(before) != 0 {
			return nil, nil, false
		}
		for _, ip := range s.Spec.ClusterIPs {
			ips = append(ips, net.ParseIP(ip))
		}
		return ips, nil, true
	}
	slices, err := d.slices.EndpointSlices(namespace).List(labels.SelectorFromSet(labels.Set{discoveryv1.LabelServiceName: service}))
	if err != nil {
		return nil, nil, false
	}
	for _, slice := range slices {
		for _, e := range slice.Endpoints {
			if e.Conditions.Ready != nil && !*e.Conditions.Ready && !s.Spec.PublishNotReadyAddresses {
				continue
			}
			if len(before) == 1 && (e.Hostname == nil || *e.Hostname != before[0]) {
				continue
			}
			for _, a := range e.Addresses {
				ips = append(ips, net.ParseIP(a))
			}
		}
	}
	return ips, nil, len(before) == 0 || len(ips) > 0
}
