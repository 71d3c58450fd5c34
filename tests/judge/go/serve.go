package main

import (
	"crypto/tls"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"os"
	"strings"
)

// serve answers what kubectl asks before and for `get --raw /version` and `auth whoami`, and takes clients for who
// kube-apiserver would take them for. It prints "ready" when it listens and ends when its standard input does.
func serve(address, certificate, key, clientCA string) error {
	request := Request{}
	for _, one := range []struct {
		path string
		text *string
	}{{certificate, &request.Cert}, {key, &request.Key}} {
		bytes, err := os.ReadFile(one.path)
		if err != nil {
			return err
		}
		*one.text = string(bytes)
	}
	roots, err := os.ReadFile(clientCA)
	if err != nil {
		return err
	}
	request.Client = &Client{Roots: string(roots), Asked: "request"}
	config, err := server(request, tls.VersionTLS12)
	if err != nil {
		return err
	}
	config.MaxVersion = tls.VersionTLS13
	config.NextProtos = []string{"h2", "http/1.1"}
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return err
	}
	web := &http.Server{Handler: api{request.Client}, TLSConfig: config}
	go func() {
		// Whoever started this holds the other end: nothing is left behind when it dies.
		buffer := make([]byte, 64)
		for {
			if _, err := os.Stdin.Read(buffer); err != nil {
				os.Exit(0)
			}
		}
	}()
	fmt.Println("ready")
	return web.ServeTLS(listener, "", "")
}

type api struct{ client *Client }

type object map[string]any

func (api api) ServeHTTP(out http.ResponseWriter, in *http.Request) {
	user, groups, err := authenticate(api.client, *in.TLS)
	if err != nil {
		fmt.Fprintln(os.Stderr, "authenticate:", err)
		answer(out, http.StatusUnauthorized, object{
			"kind": "Status", "apiVersion": "v1", "metadata": object{}, "status": "Failure",
			"message": "Unauthorized", "reason": "Unauthorized", "code": http.StatusUnauthorized,
		})
		return
	}
	groups = append(append([]string{}, groups...), "system:authenticated")
	switch path := strings.TrimSuffix(in.URL.Path, "/"); {
	case path == "/version":
		answer(out, http.StatusOK, object{"major": "1", "minor": "37", "gitVersion": "v1.37.1"})
	case path == "/apis/authentication.k8s.io/v1/selfsubjectreviews" && in.Method == http.MethodPost:
		answer(out, http.StatusCreated, object{
			"kind": "SelfSubjectReview", "apiVersion": "authentication.k8s.io/v1", "metadata": object{},
			"status": object{"userInfo": object{"username": user, "groups": groups}},
		})
	case path == "/api":
		answer(out, http.StatusOK, object{"kind": "APIVersions", "versions": []string{"v1"}})
	case path == "/apis":
		answer(out, http.StatusOK, object{"kind": "APIGroupList", "apiVersion": "v1", "groups": []object{}})
	default:
		answer(out, http.StatusNotFound, object{
			"kind": "Status", "apiVersion": "v1", "metadata": object{}, "status": "Failure",
			"message": in.Method + " " + in.URL.Path, "reason": "NotFound", "code": http.StatusNotFound,
		})
	}
}

func answer(out http.ResponseWriter, code int, body object) {
	out.Header().Set("Content-Type", "application/json")
	out.WriteHeader(code)
	_ = json.NewEncoder(out).Encode(body)
}
