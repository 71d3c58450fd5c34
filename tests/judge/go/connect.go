package main

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"time"
)

// connect lets client and server shake hands in memory, once for each name and each TLS version, and tells who the
// server takes the client for.
func connect(request Request) (string, []string, error) {
	var user string
	var groups []string
	names := request.Names
	if len(names) == 0 {
		names = []string{""}
	}
	for _, name := range names {
		for _, version := range []uint16{tls.VersionTLS12, tls.VersionTLS13} {
			var err error
			if user, groups, err = handshake(request, name, version); err != nil {
				return "", nil, fmt.Errorf("%s, %s: %w", name, tls.VersionName(version), err)
			}
		}
	}
	return user, groups, nil
}

func handshake(request Request, name string, version uint16) (string, []string, error) {
	serverConfig, err := server(request, version)
	if err != nil {
		return "", nil, err
	}
	clientConfig, err := client(request, name, version)
	if err != nil {
		return "", nil, err
	}
	near, far := net.Pipe()
	defer near.Close()
	defer far.Close()
	deadline := time.Now().Add(10 * time.Second)
	_ = near.SetDeadline(deadline)
	_ = far.SetDeadline(deadline)

	served := make(chan error, 1)
	connection := tls.Server(far, serverConfig)
	go func() {
		err := connection.Handshake()
		if err == nil {
			_, err = connection.Write([]byte("k"))
		}
		if err != nil {
			far.Close()
		}
		served <- err
	}()
	caller := tls.Client(near, clientConfig)
	err = caller.Handshake()
	if err == nil {
		// With TLS 1.3 the server judges after the client's handshake is over.
		_, err = io.ReadFull(caller, make([]byte, 1))
	}
	if err != nil {
		near.Close()
		// The server's reason says more than its alert.
		if reason := <-served; reason != nil && !errors.Is(reason, io.ErrClosedPipe) && !errors.Is(reason, io.EOF) {
			err = fmt.Errorf("client: %w; server: %w", err, reason)
		}
		return "", nil, err
	}
	if err := <-served; err != nil {
		return "", nil, err
	}
	return authenticate(request.Client, connection.ConnectionState())
}

func server(request Request, version uint16) (*tls.Config, error) {
	shown, err := pair(request.Cert, request.Key)
	if err != nil {
		return nil, err
	}
	config := &tls.Config{Certificates: []tls.Certificate{shown}, MinVersion: version, MaxVersion: version}
	if request.Client == nil || request.Client.Roots == "" {
		return config, nil
	}
	roots, err := pool(request.Client.Roots)
	if err != nil {
		return nil, err
	}
	config.ClientCAs = roots
	switch request.Client.Asked {
	case "require":
		config.ClientAuth = tls.RequireAndVerifyClientCert
	case "request":
		config.ClientAuth = tls.RequestClientCert
	default:
		return nil, fmt.Errorf("no way of asking is called %q", request.Client.Asked)
	}
	return config, nil
}

func client(request Request, name string, version uint16) (*tls.Config, error) {
	config := &tls.Config{ServerName: name, MinVersion: version, MaxVersion: version}
	if request.Roots == "" {
		config.InsecureSkipVerify = true
	} else {
		roots, err := pool(request.Roots)
		if err != nil {
			return nil, err
		}
		config.RootCAs = roots
	}
	if request.Client != nil && request.Client.Cert != "" {
		shown, err := pair(request.Client.Cert, request.Client.Key)
		if err != nil {
			return nil, err
		}
		// Shown whether the server's list of CAs has its issuer or not.
		config.GetClientCertificate = func(*tls.CertificateRequestInfo) (*tls.Certificate, error) { return &shown, nil }
	}
	return config, nil
}

// authenticate does what kube-apiserver does after the handshake (k8s.io/apiserver pkg/authentication/request/x509):
// verify what the client showed with usage clientAuth; the user is the common name, the groups are the organizations.
func authenticate(client *Client, state tls.ConnectionState) (string, []string, error) {
	if client == nil || client.Asked != "request" {
		return "", nil, nil
	}
	if len(state.PeerCertificates) == 0 {
		return "", nil, errors.New("the client showed no certificate")
	}
	roots, err := pool(client.Roots)
	if err != nil {
		return "", nil, err
	}
	options := x509.VerifyOptions{
		Roots:         roots,
		Intermediates: x509.NewCertPool(),
		KeyUsages:     []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth},
	}
	for _, one := range state.PeerCertificates[1:] {
		options.Intermediates.AddCert(one)
	}
	leaf := state.PeerCertificates[0]
	if _, err := leaf.Verify(options); err != nil {
		return "", nil, err
	}
	if leaf.Subject.CommonName == "" {
		return "", nil, errors.New("no common name: not authenticated")
	}
	return leaf.Subject.CommonName, leaf.Subject.Organization, nil
}
