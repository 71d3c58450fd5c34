# As an administrator of the export: who looks on by a token, and what is bound where the start is by hand.
sound() { kubectl --kubeconfig /root/sound.conf --insecure-skip-tls-verify "$@"; }
sound --namespace kube-system create serviceaccount onlooker
sound create clusterrolebinding onlooker --clusterrole cluster-admin --serviceaccount kube-system:onlooker
sound create clusterrolebinding administrators --clusterrole cluster-admin --user kubernetes-admin
sound create clusterrolebinding api-servers --clusterrole cluster-admin --user kube-apiserver-kubelet-client
sound get serviceaccount default || sound create serviceaccount default
sound --namespace kube-system create token onlooker --duration 2h >/root/token
