// Makes keys and certificates for the rows on standard input with Go's standard library, one goroutine a core, as a
// measure of scale. Prints the time, and with -pem what it made.
package main

import (
	"archive/zip"
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/json"
	"encoding/pem"
	"flag"
	"fmt"
	"math/big"
	"net"
	"os"
	"runtime"
	"sync"
	"time"
)

type row struct {
	ID, Name, Group, Issuer string
	Usages, DNS, IPs        []string
}

type job struct {
	Alg      string
	Rows     []row
	BareKeys []string
}

// What a row or a bare key becomes.
type made struct {
	id                  string
	key                 crypto.Signer
	certificate         *x509.Certificate
	certificatePEM, pem []byte
}

type result struct {
	Milliseconds float64           `json:"milliseconds"`
	Zip          int               `json:"zip"`
	Certificates map[string]string `json:"certificates,omitempty"`
	Keys         map[string]string `json:"keys,omitempty"`
}

func main() {
	withPEM := flag.Bool("pem", false, "print what was made")
	flag.Parse()
	var todo job
	check(json.NewDecoder(os.Stdin).Decode(&todo))
	start := time.Now()
	all, archive := run(todo)
	out := result{Milliseconds: float64(time.Since(start).Microseconds()) / 1e3, Zip: archive}
	if *withPEM {
		out.Certificates, out.Keys = map[string]string{}, map[string]string{}
		for _, one := range all {
			out.Keys[one.id] = string(one.pem)
			if one.certificate != nil {
				out.Certificates[one.id] = string(one.certificatePEM)
			}
		}
	}
	check(json.NewEncoder(os.Stdout).Encode(out))
}

// Keys of CAs first, then everything else at once; then the zip, stored. Returns the zip's size too.
func run(todo job) ([]made, int) {
	issuers := map[string]made{}
	all := make([]made, len(todo.Rows)+len(todo.BareKeys))
	at, leaves := 0, []row{}
	for _, one := range todo.Rows {
		if one.Issuer == "" {
			issuers[one.ID] = issue(todo.Alg, one, nil)
			all[at] = issuers[one.ID]
			at++
		} else {
			leaves = append(leaves, one)
		}
	}
	parallel(len(leaves), func(index int) {
		issuer := issuers[leaves[index].Issuer]
		all[at+index] = issue(todo.Alg, leaves[index], &issuer)
	})
	parallel(len(todo.BareKeys), func(index int) {
		key := generate(todo.Alg)
		all[len(todo.Rows)+index] = made{id: todo.BareKeys[index], key: key, pem: keyPEM(key)}
	})
	var buffer bytes.Buffer
	archive := zip.NewWriter(&buffer)
	put := func(name string, content []byte) {
		file, err := archive.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Store})
		check(err)
		_, err = file.Write(content)
		check(err)
	}
	for _, one := range all {
		if one.certificate != nil {
			put(one.id+".crt", one.certificatePEM)
		}
		put(one.id+".key", one.pem)
	}
	check(archive.Close())
	return all, buffer.Len()
}

func parallel(count int, do func(int)) {
	var group sync.WaitGroup
	lanes := runtime.NumCPU()
	for lane := range lanes {
		group.Add(1)
		go func() {
			defer group.Done()
			for index := lane; index < count; index += lanes {
				do(index)
			}
		}()
	}
	group.Wait()
}

func generate(alg string) crypto.Signer {
	if alg == "ec" {
		key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
		check(err)
		return key
	}
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	check(err)
	return key
}

func issue(alg string, one row, issuer *made) made {
	key := generate(alg)
	serial, err := rand.Int(rand.Reader, new(big.Int).SetUint64(1<<63-2))
	check(err)
	now := time.Now().UTC()
	template := x509.Certificate{
		SerialNumber:          serial.Add(serial, big.NewInt(1)),
		Subject:               pkix.Name{CommonName: one.Name},
		NotBefore:             now.Add(-5 * time.Minute),
		NotAfter:              now.AddDate(0, 0, 365),
		KeyUsage:              x509.KeyUsageDigitalSignature | x509.KeyUsageKeyEncipherment,
		BasicConstraintsValid: true,
		DNSNames:              one.DNS,
	}
	if one.Group != "" {
		template.Subject.Organization = []string{one.Group}
	}
	for _, ip := range one.IPs {
		template.IPAddresses = append(template.IPAddresses, net.ParseIP(ip))
	}
	for _, usage := range one.Usages {
		kind := x509.ExtKeyUsageClientAuth
		if usage == "serverAuth" {
			kind = x509.ExtKeyUsageServerAuth
		}
		template.ExtKeyUsage = append(template.ExtKeyUsage, kind)
	}
	parent, signer := &template, key
	if issuer == nil {
		template.IsCA, template.NotAfter = true, now.AddDate(0, 0, 3650)
		template.KeyUsage |= x509.KeyUsageCertSign
	} else {
		parent, signer = issuer.certificate, issuer.key
	}
	der, err := x509.CreateCertificate(rand.Reader, &template, parent, key.Public(), signer)
	check(err)
	certificate, err := x509.ParseCertificate(der)
	check(err)
	text := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
	return made{id: one.ID, key: key, certificate: certificate, certificatePEM: text, pem: keyPEM(key)}
}

func keyPEM(key crypto.Signer) []byte {
	switch key := key.(type) {
	case *ecdsa.PrivateKey:
		der, err := x509.MarshalECPrivateKey(key)
		check(err)
		return pem.EncodeToMemory(&pem.Block{Type: "EC PRIVATE KEY", Bytes: der})
	case *rsa.PrivateKey:
		return pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(key)})
	}
	panic("a key of neither kind")
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
