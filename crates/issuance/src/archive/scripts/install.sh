#!/bin/sh
# Puts this node's PKI files in place: owner, group and mode as planned, a backup of what was there.
# POSIX sh; run as root on the node. Safe to run twice.
set -eu
LC_ALL=C
export LC_ALL
umask 077

cluster='@CLUSTER@'

usage() {
    cat <<'END'
usage: ./install.sh [--node NAME] [--root DIR] [--dry-run] [--replace-ca]
       ./install.sh --restore [--root DIR] [--dry-run]

  --node NAME   install the files of this node; by default the one this machine is called
  --root DIR    install below DIR instead of /, for an image or to try it
  --dry-run     say what would be done and change nothing
  --replace-ca  allow another CA or service-account key to be replaced; whatever trusts
                the old one stops working
  --restore     undo the newest installation that was not undone yet

What is replaced is kept in /var/lib/kubepki/backup-N. Nothing is ever deleted.
Exit status: 0 done, 1 refused or failed, 2 wrong usage.
END
}

# node|mode|owner|ca for a CA or service-account key, else -|components that read it|path
files() {
    cat <<'KUBEPKI_TABLE'
@FILES@
KUBEPKI_TABLE
}

# node|line of what to do next
next() {
    cat <<'KUBEPKI_TABLE'
@NEXT@
KUBEPKI_TABLE
}

say() { printf '%s\n' "$*"; }
fail() { printf 'install.sh: %s\n' "$*" >&2; exit 1; }

node='' root='' dry=no replace_ca=no restore=no
while [ $# -gt 0 ]; do
    case $1 in
    --node) [ $# -ge 2 ] || { usage >&2; exit 2; }; node=$2; shift ;;
    --root) [ $# -ge 2 ] && [ -n "$2" ] || { usage >&2; exit 2; }; root=$2; shift ;;
    --dry-run) dry=yes ;;
    --replace-ca) replace_ca=yes ;;
    --restore) restore=yes ;;
    -h | --help) usage; exit 0 ;;
    *) printf 'install.sh: unknown option %s\n' "$1" >&2; usage >&2; exit 2 ;;
    esac
    shift
done

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd -P)
if [ -n "$root" ]; then
    [ -d "$root" ] || fail "$root is no folder"
    root=$(CDPATH='' cd -- "$root" && pwd -P)
    [ "$root" != / ] || root=''
fi
root_user=no
[ "$(id -u)" -ne 0 ] || root_user=yes
if [ -z "$root" ] && [ "$root_user" = no ] && [ "$dry" = no ]; then
    fail "must be run as root (or with --root DIR to try it, or --dry-run)"
fi
state=$root/var/lib/kubepki

# Journals are written before what they tell, so that an installation that was interrupted can be undone too.
undo() {
    last=0
    number=1
    while [ -d "$state/backup-$number" ]; do
        [ -f "$state/backup-$number/undone" ] || last=$number
        number=$((number + 1))
    done
    [ "$last" -gt 0 ] || fail "there is no installation to undo below ${root:-/}"
    backup=$state/backup-$last
    say "Undoing the installation kept in $backup"
    while IFS='|' read -r what path; do
        dest=$root$path
        case $what in
        folder)
            [ -d "$dest" ] || continue
            if [ "$dry" = yes ]; then
                say "would remove the folder $path if it is empty"
            elif rmdir "$dest" 2>/dev/null; then
                say "removed the empty folder $path"
            fi
            ;;
        made | replaced)
            if [ "$dry" = yes ]; then
                say "would undo: $path ($what)"
                continue
            fi
            if [ -e "$dest" ] || [ -h "$dest" ]; then
                mkdir -p "$backup/taken-away$(dirname -- "$path")"
                mv -f "$dest" "$backup/taken-away$path"
            fi
            if [ "$what" = replaced ]; then
                cp -p -P "$backup/files$path" "$dest.kubepki-new"
                mv -f "$dest.kubepki-new" "$dest"
                say "put back $path"
            else
                say "took away $path"
            fi
            ;;
        esac
    done <<END
$(sed -n '1!G;h;$p' "$backup/journal")
END
    [ "$dry" = yes ] || : >"$backup/undone"
    say "Done. What was taken away is in $backup/taken-away; restart what reads these files."
}

if [ "$restore" = yes ]; then
    undo
    exit 0
fi

# Which node is this?
known=$(next | cut -d'|' -f1 | sort -u)
some=$(printf '%s\n' "$known" | head -n 20 | tr '\n' ' ')
if [ -z "$node" ]; then
    host=$(uname -n | tr '[:upper:]' '[:lower:]')
    for one in "$host" "${host%%.*}"; do
        if printf '%s\n' "$known" | grep -Fqx -- "$one"; then
            node=$one
            break
        fi
    done
    if [ -z "$node" ]; then
        fail "this machine is called $host; the files here are for: $some(--node NAME if it is one of them)"
    fi
fi
printf '%s\n' "$known" | grep -Fqx -- "$node" || fail "there is no node $node here; there are: $some"

# Dots are the one character of names that a pattern would read otherwise.
pattern=$(printf '%s' "$node" | sed 's/\./\\./g')
rows=$(files | sed -n "s/^$pattern|//p")
tell_next() {
    say "Next on $node:"
    next | sed -n "s/^$pattern|/  /p"
}
if [ -z "$rows" ]; then
    say "Nothing to install on $node."
    tell_next
    exit 0
fi

sum_of() {
    if command -v sha256sum >/dev/null 2>&1; then
        sha256sum <"$1" | cut -c1-64
    elif command -v openssl >/dev/null 2>&1; then
        openssl dgst -sha256 -r "$1" | cut -c1-64
    fi
}

# First look at everything, then change anything.
refused=no
refuse() {
    printf 'install.sh: %s\n' "$*" >&2
    refused=yes
}
while IFS='|' read -r mode owner guard readers path; do
    source=$here/nodes/$node$path dest=$root$path
    if [ ! -f "$source" ]; then
        refuse "nodes/$node$path is missing here; unpack the archive again"
        continue
    fi
    if [ -f "$here/SHA256SUMS" ]; then
        sum=$(sum_of "$source")
        if [ -n "$sum" ] && ! grep -Fqx -- "$sum  nodes/$node$path" "$here/SHA256SUMS"; then
            refuse "nodes/$node$path is not the file that was packed (SHA256SUMS); unpack the archive again"
        fi
    fi
    if [ -d "$dest" ]; then
        refuse "$dest is a folder"
    elif [ "$guard" = ca ] && [ -e "$dest" ] && [ "$replace_ca" = no ] && ! cmp -s "$source" "$dest"; then
        refuse "$dest holds another CA or service-account key than this PKI; --replace-ca replaces it"
    fi
done <<END
$rows
END
[ "$refused" = no ] || fail "nothing was changed"

backup=''
begin() {
    [ -z "$backup" ] || return 0
    number=1
    while [ -e "$state/backup-$number" ]; do number=$((number + 1)); done
    (umask 022 && mkdir -p "$root/var/lib")
    mkdir -p "$state"
    backup=$state/backup-$number
    mkdir "$backup" "$backup/files"
    : >"$backup/journal"
}

own() {
    [ "$root_user" = no ] || chown -- "$1" "$2"
}

# make_folders PATH: the folders above a path, open to read as kubeadm makes them.
make_folders() {
    f_path=$(dirname -- "$1")
    [ ! -d "$root$f_path" ] || return 0
    make_folders "$f_path"
    f_path=$(dirname -- "$1")
    printf 'folder|%s\n' "$f_path" >>"$backup/journal"
    mkdir "$root$f_path"
    own root:root "$root$f_path"
    chmod 0755 "$root$f_path"
}

changed='' count=0 same=0
while IFS='|' read -r mode owner guard readers path; do
    source=$here/nodes/$node$path dest=$root$path
    if [ -f "$dest" ] && [ ! -h "$dest" ] && cmp -s "$source" "$dest"; then
        same=$((same + 1))
        wanted=$(find "$dest" -prune -perm "$mode")
        if [ "$root_user" = yes ]; then
            wanted=$(find "$dest" -prune -perm "$mode" -user "${owner%:*}" -group "${owner#*:}")
        fi
        if [ -z "$wanted" ]; then
            say "set     $path  $mode $owner"
            if [ "$dry" = no ]; then
                own "$owner" "$dest"
                chmod "$mode" "$dest"
            fi
        fi
        continue
    fi
    count=$((count + 1))
    changed="$changed,$readers"
    if [ -e "$dest" ] || [ -h "$dest" ]; then what=replaced; else what=made; fi
    case $what in replaced) verb=replace ;; *) verb='make   ' ;; esac
    say "$verb $path  $mode $owner"
    [ "$dry" = no ] || continue
    begin
    if [ "$what" = replaced ]; then
        mkdir -p "$backup/files$(dirname -- "$path")"
        cp -p -P "$dest" "$backup/files$path"
    fi
    make_folders "$path"
    printf '%s|%s\n' "$what" "$path" >>"$backup/journal"
    # Owner and mode first, content after: nobody sees a key for a moment.
    rm -f "$dest.kubepki-new"
    (set -C && : >"$dest.kubepki-new")
    own "$owner" "$dest.kubepki-new"
    chmod "$mode" "$dest.kubepki-new"
    cat "$source" >"$dest.kubepki-new"
    mv -f "$dest.kubepki-new" "$dest"
done <<END
$rows
END

if [ "$dry" = yes ]; then
    say "Dry run for $node of $cluster: $count files would be written, $same are in place already. Nothing was changed."
    exit 0
fi
say "$count files written for $node of $cluster, $same were in place already."
# shellcheck disable=SC2016 # the quotes are for whoever copies the line
[ -z "$backup" ] || say "Kept in $backup; undo with: $0 --restore${root:+ --root '$root'}"
[ "$root_user" = yes ] || say "Not run as root: owner and group were left as they are."

# Whether a component is a service here. A kubelet that was never configured waits for kubeadm, and reads nothing.
has_unit() {
    [ "$1" != kubelet ] || [ -f "$root/var/lib/kubelet/config.yaml" ] || return 1
    for folder in /etc/systemd/system /usr/lib/systemd/system /lib/systemd/system; do
        [ ! -f "$root$folder/$1.service" ] || return 0
    done
    return 1
}

if [ "$count" -gt 0 ]; then
    running=no
    for component in etcd kube-apiserver kube-controller-manager kube-scheduler kubelet kube-proxy; do
        case ,$changed, in *",$component,"*) ;; *) continue ;; esac
        manifest=/etc/kubernetes/manifests/$component.yaml
        if [ -f "$root$manifest" ]; then
            [ "$running" = yes ] || say "Restart what runs already, one after the other:"
            running=yes
            say "  mv $manifest /etc/kubernetes/ && sleep 20 && mv /etc/kubernetes/$component.yaml $manifest"
        elif has_unit "$component"; then
            [ "$running" = yes ] || say "Restart what runs already, one after the other:"
            running=yes
            say "  systemctl restart $component"
        fi
    done
fi
tell_next
