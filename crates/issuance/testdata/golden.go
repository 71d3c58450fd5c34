// Command golden makes certificates with Go's crypto/x509 the way kubeadm does, for tests to compare ours with.
//
// Templates are those of cmd/kubeadm/app/util/pkiutil/pki_helpers.go (NewSignedCert) and client-go util/cert/cert.go
// (NewSelfSignedCACert), Kubernetes 1.37. Keys, dates and serials are fixed, and without a random source Go signs
// by RFC 6979 (crypto/ecdsa, PrivateKey.Sign), so every run prints the same.
//
//	go run golden.go > golden.txt
package main

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"log"
	"math/big"
	"net"
	"os"
	"runtime"
	"time"
)

// shape is one certificate: a row of the table below.
type shape struct {
	name   string
	issuer string // empty: self-signed CA
	key    string
	cn     string
	orgs   []string
	usages []x509.ExtKeyUsage
	dns    []string
	ips    []string
	serial int64
	now    int64 // issue time, Unix seconds
	days   int64
}

var (
	server = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}
	client = []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}
	both   = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth}
)

const (
	now  = 1790000000 // 2026-09-21
	late = 2524607940 // 2049-12-31T23:59:00Z: with the backdate before 2050, without it after
)

var shapes = []shape{
	{"ca", "", "rsa2048", "kubernetes", nil, nil, []string{"kubernetes"}, nil, 1, now, 3650},
	{"ca-p256", "", "p256", "etcd-ca", nil, nil, []string{"etcd-ca"}, nil, 0x7ffffffffffffffe, now, 3650},
	{"ca-p384", "", "p384", "front-proxy-ca", nil, nil, []string{"front-proxy-ca"}, nil, 0x80, now, 3650},
	{"ca-late", "", "p256", "kubernetes", nil, nil, []string{"kubernetes"}, nil, 0x1000, late, 3650},
	{"apiserver", "ca", "p256", "kube-apiserver", nil, server,
		[]string{"cp-1", "kubernetes", "kubernetes.default", "kubernetes.default.svc", "kubernetes.default.svc.cluster.local"},
		[]string{"10.96.0.1", "192.168.1.10", "10.0.0.100"}, 0x0123456789abcdef, now, 365},
	{"wildcard-ipv6", "ca-p384", "p384", "kube-apiserver", nil, server,
		[]string{"*.example.org", "api.example.com"},
		[]string{"fd00::1", "2001:db8::10", "192.168.1.10"}, 0xff, now, 365},
	{"client", "ca", "rsa2048", "front-proxy-client", nil, client, nil, nil, 0x7f, now, 365},
	{"client-group", "ca-p256", "p256", "system:node:cp-1", []string{"system:nodes"}, client, nil, nil, 0x8000, now, 365},
	{"client-two-groups", "ca-p256", "p384", "dev", []string{"team:platform", "auditors"}, client, nil, nil, 2, now, 365},
	{"client-three-groups", "ca", "p256", "dev", []string{"b", "a", "_c"}, client, nil, nil, 3, now, 1},
	{"utf8", "ca-p256", "p256", "jane_doe@example.com", []string{"Entwickler & Prüfer"}, client, nil, nil, 4, now, 365},
	{"etcd-server", "ca-p256", "rsa2048", "cp-1", nil, both,
		[]string{"cp-1", "localhost"}, []string{"192.168.1.10", "127.0.0.1", "::1"}, 0x00ff00ff00ff00ff, now, 365},
	{"leaf-late", "ca-late", "p256", "kube-scheduler", nil, client, nil, nil, 5, late, 36500},
}

func main() {
	keys := map[string]crypto.Signer{"rsa2048": rsaKey(), "p256": ecKey(elliptic.P256()), "p384": ecKey(elliptic.P384())}
	made := map[string]*x509.Certificate{}
	keyOf := map[string]string{}
	fmt.Printf("# Made by golden.go with %s.\n", runtime.Version())
	for _, s := range shapes {
		keyOf[s.name] = s.key
		template := s.template()
		issuer, signer := template, keys[s.key]
		if s.issuer != "" {
			issuer, signer = made[s.issuer], keys[keyOf[s.issuer]]
		}
		der, err := x509.CreateCertificate(nil, template, issuer, keys[s.key].Public(), signer)
		check(err)
		made[s.name], err = x509.ParseCertificate(der)
		check(err)
		fmt.Println("#", s.name)
		check(pem.Encode(os.Stdout, &pem.Block{Type: "CERTIFICATE", Bytes: der}))
	}
}

func (s shape) template() *x509.Certificate {
	at := time.Unix(s.now, 0).UTC()
	template := &x509.Certificate{
		Subject:               pkix.Name{CommonName: s.cn, Organization: s.orgs},
		DNSNames:              s.dns,
		SerialNumber:          big.NewInt(s.serial),
		NotBefore:             at.Add(-5 * time.Minute),
		NotAfter:              at.Add(time.Duration(s.days) * 24 * time.Hour),
		KeyUsage:              x509.KeyUsageKeyEncipherment | x509.KeyUsageDigitalSignature,
		ExtKeyUsage:           s.usages,
		BasicConstraintsValid: true,
	}
	if s.issuer == "" {
		template.IsCA = true
		template.KeyUsage |= x509.KeyUsageCertSign
	}
	for _, ip := range s.ips {
		template.IPAddresses = append(template.IPAddresses, net.ParseIP(ip))
	}
	return template
}

// ecKey is the key whose scalar is 0x0101…01.
func ecKey(curve elliptic.Curve) crypto.Signer {
	key, err := ecdsa.ParseRawPrivateKey(curve, bytes.Repeat([]byte{1}, (curve.Params().BitSize+7)/8))
	check(err)
	return key
}

// rsaKey is the test key of this folder.
func rsaKey() crypto.Signer {
	text, err := os.ReadFile("keys/rsa-2048.pem")
	check(err)
	block, _ := pem.Decode(text)
	key, err := x509.ParsePKCS1PrivateKey(block.Bytes)
	check(err)
	return key
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
