package main

import (
	"crypto/tls"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
)

// The name of the objects that the webhook refuses.
const refused = "refused"

// webhook serves what admission asks, with TLS: webhook ADDRESS CERTIFICATE KEY. It takes every object but one of a certain
// name, and there says how many certificates its caller showed, which it asks everybody for.
func webhook() {
	if len(os.Args) != 4 {
		stop(fmt.Errorf("say address, certificate and key"))
	}
	answer := func(out http.ResponseWriter, in *http.Request) {
		var asked struct {
			Request struct {
				UID  string `json:"uid"`
				Name string `json:"name"`
			} `json:"request"`
		}
		if err := json.NewDecoder(in.Body).Decode(&asked); err != nil {
			http.Error(out, err.Error(), http.StatusBadRequest)
			return
		}
		shown := fmt.Sprintf("its caller showed %d certificates", len(in.TLS.PeerCertificates))
		out.Header().Set("Content-Type", "application/json")
		json.NewEncoder(out).Encode(map[string]any{
			"apiVersion": "admission.k8s.io/v1",
			"kind":       "AdmissionReview",
			"response": map[string]any{
				"uid":     asked.Request.UID,
				"allowed": asked.Request.Name != refused,
				"status":  map[string]any{"message": shown},
			},
		})
	}
	server := http.Server{
		Addr:      os.Args[1],
		Handler:   http.HandlerFunc(answer),
		TLSConfig: &tls.Config{ClientAuth: tls.RequestClientCert},
	}
	stop(server.ListenAndServeTLS(os.Args[2], os.Args[3]))
}
