package main

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"io"
	"net"
	"time"
)

// Rehearsal is one call between two components that hold what the files say.
type Rehearsal struct {
	ID string `json:"id"`
	// Server and Client are what each side shows and checks the other with. PEM.
	Server Holder `json:"server"`
	Client Holder `json:"client"`
	// Name is the host that is dialled.
	Name string `json:"name"`
	// Asked is require (as etcd) or request (as kube-apiserver).
	Asked string `json:"asked"`
	// Now is the time for both, Unix seconds.
	Now int64 `json:"now"`
	// ServerMin and ClientMax limit the version; 0 for Go's own.
	ServerMin uint16 `json:"serverMin"`
	ClientMax uint16 `json:"clientMax"`
	// Suites are those of TLS 1.2 that the server offers; none for Go's own.
	Suites []uint16 `json:"suites"`
	// PlainHTTP means that the server speaks no TLS.
	PlainHTTP bool `json:"plainHttp"`
	// Silent means that it closes what is no HTTP without an answer, as etcd does.
	Silent bool `json:"silent"`
}

// Holder is one side. No certificate means that it shows none; no roots, that it does not check.
type Holder struct {
	Cert  string `json:"cert"`
	Key   string `json:"key"`
	Roots string `json:"roots"`
}

// Outcome is what each side says: err.Error(), empty when it is content.
type Outcome struct {
	ID string `json:"id"`
	// ServerPair and ClientPair are about loading the files.
	ServerPair string `json:"serverPair"`
	ClientPair string `json:"clientPair"`
	// Client and Server are about the handshake; Client also about the first read after it.
	Client string `json:"client"`
	Server string `json:"server"`
	// Version is what was agreed on, 0 without agreement.
	Version uint16 `json:"version"`
	// Authentication is what kube-apiserver's authenticator says of the client's certificate afterwards.
	Authentication string `json:"authentication"`
}

func rehearse(it Rehearsal) Outcome {
	outcome := Outcome{ID: it.ID}
	now := func() time.Time { return time.Unix(it.Now, 0).UTC() }
	serverConfig := &tls.Config{Time: now, MinVersion: it.ServerMin}
	if len(it.Suites) > 0 {
		serverConfig.CipherSuites = it.Suites
	}
	if !it.PlainHTTP {
		shown, err := pair(it.Server.Cert, it.Server.Key)
		if err != nil {
			outcome.ServerPair = err.Error()
			return outcome
		}
		serverConfig.Certificates = []tls.Certificate{shown}
	}
	clientConfig := &tls.Config{Time: now, ServerName: it.Name, MaxVersion: it.ClientMax}
	if it.Client.Cert != "" {
		shown, err := pair(it.Client.Cert, it.Client.Key)
		if err != nil {
			outcome.ClientPair = err.Error()
			return outcome
		}
		// As client-go and etcd's client do, whatever the server's list of CAs says.
		clientConfig.GetClientCertificate = func(*tls.CertificateRequestInfo) (*tls.Certificate, error) { return &shown, nil }
	}
	if it.Client.Roots == "" {
		clientConfig.InsecureSkipVerify = true
	} else {
		clientConfig.RootCAs = lenient(it.Client.Roots)
	}
	serverConfig.ClientCAs = lenient(it.Server.Roots)
	serverConfig.ClientAuth = tls.RequestClientCert
	if it.Asked == "require" {
		serverConfig.ClientAuth = tls.RequireAndVerifyClientCert
	}
	call(it, clientConfig, serverConfig, &outcome)
	return outcome
}

func call(it Rehearsal, clientConfig, serverConfig *tls.Config, outcome *Outcome) {
	near, far, err := loopback()
	if err != nil {
		outcome.Client, outcome.Server = err.Error(), err.Error()
		return
	}
	defer near.Close()
	defer far.Close()
	deadline := time.Now().Add(10 * time.Second)
	_ = near.SetDeadline(deadline)
	_ = far.SetDeadline(deadline)
	served := make(chan error, 1)
	connection := tls.Server(far, serverConfig)
	go func() {
		if it.PlainHTTP {
			_, _ = far.Read(make([]byte, 4096))
			if it.Silent {
				_ = far.Close()
			} else {
				_, _ = far.Write([]byte("HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n400 Bad Request"))
			}
			served <- nil
			return
		}
		err := connection.Handshake()
		if err == nil {
			_, err = connection.Write([]byte("k"))
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
		outcome.Client = err.Error()
	}
	if err := <-served; err != nil {
		outcome.Server = err.Error()
	}
	if it.PlainHTTP || outcome.Client != "" || outcome.Server != "" {
		return
	}
	state := connection.ConnectionState()
	outcome.Version = state.Version
	if it.Asked != "require" && len(state.PeerCertificates) > 0 {
		if err := believed(state.PeerCertificates, serverConfig.ClientCAs, it.Now); err != nil {
			outcome.Authentication = err.Error()
		}
	}
}

// loopback is both ends of a connection within this machine: unlike a pipe in memory it holds what one side writes while
// the other writes as well.
func loopback() (net.Conn, net.Conn, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, nil, err
	}
	defer listener.Close()
	near, err := net.Dial("tcp", listener.Addr().String())
	if err != nil {
		return nil, nil, err
	}
	far, err := listener.Accept()
	if err != nil {
		near.Close()
		return nil, nil, err
	}
	return near, far, nil
}

// believed is k8s.io/apiserver's pkg/authentication/request/x509, up to the identity.
func believed(shown []*x509.Certificate, roots *x509.CertPool, now int64) error {
	options := x509.VerifyOptions{
		Roots:         roots,
		Intermediates: x509.NewCertPool(),
		CurrentTime:   time.Unix(now, 0).UTC(),
		KeyUsages:     []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth},
	}
	for _, one := range shown[1:] {
		options.Intermediates.AddCert(one)
	}
	_, err := shown[0].Verify(options)
	return err
}

// lenient is a pool as AppendCertsFromPEM fills it.
func lenient(pem string) *x509.CertPool {
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM([]byte(pem))
	return roots
}

// Path is one verification.
type Path struct {
	ID            string   `json:"id"`
	Leaf          string   `json:"leaf"`
	Intermediates []string `json:"intermediates"`
	Roots         []string `json:"roots"`
	Name          string   `json:"name"`
	Usages        []string `json:"usages"`
	Now           int64    `json:"now"`
}

// verifyPath is what crypto/x509 says of a leaf; a root or intermediate that cannot be read is left out.
func verifyPath(path Path) Answer {
	answer := Answer{ID: path.ID}
	if err := tryPath(path); err != nil {
		answer.Error = err.Error()
	}
	return answer
}

func tryPath(path Path) error {
	block, _ := pem.Decode([]byte(path.Leaf))
	if block == nil {
		return errors.New("no certificate")
	}
	leaf, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		return err
	}
	usages := map[string]x509.ExtKeyUsage{
		"anyExtendedKeyUsage": x509.ExtKeyUsageAny, "serverAuth": x509.ExtKeyUsageServerAuth,
		"clientAuth": x509.ExtKeyUsageClientAuth, "codeSigning": x509.ExtKeyUsageCodeSigning,
		"emailProtection": x509.ExtKeyUsageEmailProtection, "OCSPSigning": x509.ExtKeyUsageOCSPSigning,
		"timeStamping": x509.ExtKeyUsageTimeStamping,
	}
	options := x509.VerifyOptions{
		Roots:         x509.NewCertPool(),
		Intermediates: x509.NewCertPool(),
		DNSName:       path.Name,
		CurrentTime:   time.Unix(path.Now, 0).UTC(),
	}
	for _, one := range path.Usages {
		options.KeyUsages = append(options.KeyUsages, usages[one])
	}
	for _, one := range path.Roots {
		options.Roots.AppendCertsFromPEM([]byte(one))
	}
	for _, one := range path.Intermediates {
		options.Intermediates.AppendCertsFromPEM([]byte(one))
	}
	_, err = leaf.Verify(options)
	return err
}
