// Judge is Go's opinion on what kubepki makes: the same crypto/x509 and crypto/tls that Kubernetes and etcd are built
// with, and nothing else.
//
//	judge check < requests.json > answers.json
//	judge rehearse < calls.json > outcomes.json
//	judge paths < paths.json > answers.json
//	judge serve ADDRESS CERTIFICATE KEY CLIENT-CA
package main

import (
	"encoding/json"
	"fmt"
	"os"
)

// Request asks one question. All files come as their text, so that kubeconfigs and files are asked about alike.
type Request struct {
	// ID is given back with the answer.
	ID string `json:"id"`
	// Kind is chain, pair or connect.
	Kind string `json:"kind"`
	// Cert and Key are what is judged; for connect, what the server shows. PEM.
	Cert string `json:"cert"`
	Key  string `json:"key"`
	// Roots is what Cert is checked with. Empty for connect means that the client does not check.
	Roots string `json:"roots"`
	// Usage is serverAuth or clientAuth.
	Usage string `json:"usage"`
	// Names are host names and addresses that Cert must answer to; connect dials each.
	Names []string `json:"names"`
	// Client is who connects. No certificate means that it shows none.
	Client *Client `json:"client"`
}

// Client is the calling side of a connection.
type Client struct {
	Cert string `json:"cert"`
	Key  string `json:"key"`
	// Roots is what the server checks the client with.
	Roots string `json:"roots"`
	// Asked is require (as etcd, the handshake fails) or request (as kube-apiserver, the request is anonymous).
	Asked string `json:"asked"`
}

// Answer is what Go thinks.
type Answer struct {
	ID string `json:"id"`
	// Error is Go's text, empty when it accepts.
	Error string `json:"error"`
	// User and Groups are who kube-apiserver would take the client for.
	User   string   `json:"user"`
	Groups []string `json:"groups"`
}

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "judge:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	switch {
	case len(args) == 1 && args[0] == "check":
		return each(judge)
	case len(args) == 1 && args[0] == "rehearse":
		return each(rehearse)
	case len(args) == 1 && args[0] == "paths":
		return each(verifyPath)
	case len(args) == 5 && args[0] == "serve":
		return serve(args[1], args[2], args[3], args[4])
	}
	return fmt.Errorf("usage: judge check | rehearse | paths | serve ADDRESS CERTIFICATE KEY CLIENT-CA")
}

// each answers a list of questions with a list of answers.
func each[Question, Reply any](answer func(Question) Reply) error {
	var questions []Question
	if err := json.NewDecoder(os.Stdin).Decode(&questions); err != nil {
		return err
	}
	answers := make([]Reply, 0, len(questions))
	for _, question := range questions {
		answers = append(answers, answer(question))
	}
	return json.NewEncoder(os.Stdout).Encode(answers)
}

func judge(request Request) Answer {
	answer := Answer{ID: request.ID}
	var err error
	switch request.Kind {
	case "chain":
		err = chain(request)
	case "pair":
		_, err = pair(request.Cert, request.Key)
	case "connect":
		answer.User, answer.Groups, err = connect(request)
	default:
		err = fmt.Errorf("no question is called %q", request.Kind)
	}
	if err != nil {
		answer.Error = err.Error()
	}
	return answer
}
