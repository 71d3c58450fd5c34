kubelet_at mirror-old 9443
kubelet_at mirror-new 9444
name=$(hostname)
kube create -f - >/dev/null <<TEXT
apiVersion: v1
kind: Service
metadata: {name: mirror, namespace: default}
spec: {type: ExternalName, externalName: $name}
---
apiVersion: apiregistration.k8s.io/v1
kind: APIService
metadata: {name: v1.mirror.test}
spec:
  group: mirror.test
  version: v1
  groupPriorityMinimum: 1
  versionPriority: 1
  insecureSkipTLSVerify: true
  service: {name: mirror, namespace: default, port: 9443}
TEXT
kube create token default | tee /root/token | kid >/root/kid
