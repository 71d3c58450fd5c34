#!/bin/sh
# kubeadm, which is told that this computer may have version 1 of the cgroups.
case ${1:-} in
upgrade)
    case ${2:-} in
    node) case ${3:-} in phase) ;; *) exec /usr/local/bin/components kubeadm "$@" --ignore-preflight-errors=SystemVerification ;; esac ;;
    esac
    ;;
init | join)
    case ${2:-} in phase) ;; *) exec /usr/local/bin/components kubeadm "$@" --ignore-preflight-errors=SystemVerification ;; esac
    ;;
esac
exec /usr/local/bin/components kubeadm "$@"
