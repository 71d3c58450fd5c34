#!/bin/sh
# The kubelet with what this machine wants of it, whoever starts it: no systemd keeps its cgroups, and other kubelets run on
# the same kernel.
exec /usr/local/bin/components kubelet "$@" --cgroup-driver=cgroupfs --fail-cgroupv1=false --cgroup-root=/CGROUP \
    --cgroups-per-qos=true --enforce-node-allocatable=pods
