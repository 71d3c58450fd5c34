package main

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
)

var usages = map[string]x509.ExtKeyUsage{
	"serverAuth": x509.ExtKeyUsageServerAuth,
	"clientAuth": x509.ExtKeyUsageClientAuth,
}

// chain verifies a certificate as whoever it is shown to does: the first certificate of a file is the leaf, the rest
// are intermediates.
func chain(request Request) error {
	leaf, others, err := certificates(request.Cert)
	if err != nil {
		return err
	}
	usage, known := usages[request.Usage]
	if !known {
		return fmt.Errorf("no usage is called %q", request.Usage)
	}
	roots, err := pool(request.Roots)
	if err != nil {
		return err
	}
	options := x509.VerifyOptions{Roots: roots, Intermediates: others, KeyUsages: []x509.ExtKeyUsage{usage}}
	if _, err := leaf.Verify(options); err != nil {
		return err
	}
	for _, name := range request.Names {
		// Takes names and addresses; the latter match iPAddress entries only.
		if err := leaf.VerifyHostname(name); err != nil {
			return err
		}
	}
	return nil
}

func certificates(text string) (*x509.Certificate, *x509.CertPool, error) {
	var leaf *x509.Certificate
	others := x509.NewCertPool()
	for rest := []byte(text); ; {
		var block *pem.Block
		if block, rest = pem.Decode(rest); block == nil {
			break
		}
		if block.Type != "CERTIFICATE" {
			return nil, nil, fmt.Errorf("a block of type %q among certificates", block.Type)
		}
		certificate, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			return nil, nil, err
		}
		if leaf == nil {
			leaf = certificate
		} else {
			others.AddCert(certificate)
		}
	}
	if leaf == nil {
		return nil, nil, errors.New("no certificate in the text")
	}
	return leaf, others, nil
}

func pool(text string) (*x509.CertPool, error) {
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM([]byte(text)) {
		return nil, errors.New("no certificate among the roots")
	}
	return roots, nil
}

// pair loads certificate and key together, which fails when they do not belong together.
func pair(certificate, key string) (tls.Certificate, error) {
	return tls.X509KeyPair([]byte(certificate), []byte(key))
}
