#!/bin/sh
# Puts this node's PKI files in place: owner, group and mode as planned, a backup of what was there.
# POSIX sh; run as root on the node. Safe to run twice. No link is followed out of the root, and nothing is put where
# somebody else than root could change it.
set -eu
LC_ALL=C
export LC_ALL
umask 077

cluster='@CLUSTER@'

usage() {
    cat <<'END'
usage: ./install.sh [--node NAME] [--root DIR] [--dry-run] [--replace-ca] [--unchecked]
       ./install.sh --restore [--root DIR] [--dry-run]

  --node NAME   install the files of this node; by default the one this machine is called
  --root DIR    install below DIR instead of /, for an image or to try it
  --dry-run     say what would be done and change nothing
  --replace-ca  allow another CA or service-account key to be replaced; whatever trusts
                the old one stops working
  --unchecked   install although sums cannot be compared: SHA256SUMS is gone, or neither
                sha256sum nor openssl is there
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

node='' root='' dry=no replace_ca=no restore=no unchecked=no
while [ $# -gt 0 ]; do
    case $1 in
    --node) [ $# -ge 2 ] || { usage >&2; exit 2; }; node=$2; shift ;;
    --root) [ $# -ge 2 ] && [ -n "$2" ] || { usage >&2; exit 2; }; root=$2; shift ;;
    --dry-run) dry=yes ;;
    --replace-ca) replace_ca=yes ;;
    --unchecked) unchecked=yes ;;
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
fi
root_user=no
[ "$(id -u)" -ne 0 ] || root_user=yes
if [ -z "$root" ] && [ "$root_user" = no ] && [ "$dry" = no ]; then
    fail "must be run as root (or with --root DIR to try it, or --dry-run)"
fi
# From here on every path is relative, so that nobody can put another folder in the place of DIR.
cd -- "${root:-/}"
top=$(pwd -P)
[ "$top" = "${root:-/}" ] || fail "$root was moved away"
[ "$root" != / ] || root=''
[ "$top" != / ] || top=''
state=./var/lib/kubepki

refused=no
refuse() {
    printf 'install.sh: %s\n' "$*" >&2
    refused=yes
}

# safe FOLDER: whether a folder below the root, as far as it is there, lies below it wherever its links lead, and, where
# root installs, nobody else can change what is in it or above it. Each folder is looked at once.
seen='|' unsafe='|'
safe() {
    case $seen in *"|$1|"*) return 0 ;; esac
    case $unsafe in *"|$1|"*) return 1 ;; esac
    if { [ "$1" = . ] || safe "$(dirname -- "$1")"; } && lies_safely "$1"; then
        seen="$seen$1|"
    else
        unsafe="$unsafe$1|"
        return 1
    fi
}

lies_safely() {
    if [ ! -e "$1" ] && [ ! -h "$1" ]; then return 0; fi
    s_real=$(CDPATH='' cd -P -- "$1" 2>/dev/null && pwd -P) || {
        refuse "$root${1#.} is no folder that can be entered"
        return 1
    }
    s_real=${s_real%/}
    case $s_real/ in
    "$top"/*) ;;
    *)
        refuse "$root${1#.} leads out of $root, to $s_real"
        return 1
        ;;
    esac
    while [ "$root_user" = yes ]; do
        s_found=$(find "${s_real:-/}" -prune -user 0 \
            \( ! -perm -002 -o -perm -1000 \) \( ! -perm -020 -o -group 0 -o -perm -1000 \))
        if [ -z "$s_found" ]; then
            refuse "somebody else than root can change what is in ${s_real:-/}; make it root's (chown root:root, chmod go-w)"
            return 1
        fi
        [ "$s_real" != "$top" ] || break
        s_real=${s_real%/*}
    done
}

# An installation moves files without following what stands in their place. -T is GNU's and busybox's; without it, what is
# moved to is looked at before, in a folder that nobody else can change.
move() {
    if [ "$has_t" = yes ]; then
        mv -f -T -- "$1" "$2"
    elif [ -d "$2" ]; then
        fail "$root${2#.} is a folder"
    else
        mv -f -- "$1" "$2"
    fi
}
has_t=no
if mv --help 2>&1 | grep -e '-T[,[:space:]]' >/dev/null; then has_t=yes; fi

own() {
    [ "$root_user" = no ] || chown -h -- "$1" "$2"
}

# place SOURCE DEST MODE OWNER: the file is made in a folder that nobody else can enter, with its mode from the first
# moment, and moved from there: nobody sees a key for a moment, or puts a link where it is written.
fresh=''
place() {
    begin_fresh "$2"
    (umask "$(masked "$3")" && set -C && cat -- "$1" >"$fresh/file") || fail "$root${2#.} cannot be written"
    [ -n "$(find "$fresh/file" -prune -perm "$3")" ] || fail "$root${2#.} cannot be given the mode $3"
    own "$4" "$fresh/file"
    end_fresh "$2"
}

# put_back SOURCE DEST: a file or link as it was, owner and mode included.
put_back() {
    begin_fresh "$2"
    cp -p -P -- "$1" "$fresh/file"
    end_fresh "$2"
}

begin_fresh() {
    fresh=$(dirname -- "$1")/.kubepki-new
    rm -rf -- "$fresh"
    mkdir -m 0700 -- "$fresh" || fail "$root${fresh#.} cannot be made"
}

end_fresh() {
    move "$fresh/file" "$1"
    rmdir -- "$fresh"
    fresh=''
}
trap '[ -z "$fresh" ] || rm -rf -- "$fresh"' EXIT
trap 'exit 130' HUP INT TERM

# masked MODE: the umask under which a new file gets a mode.
masked() {
    printf '0'
    for m_digit in "${1%??}" "${1%?}" "$1"; do printf '%s' "$((7 - ${m_digit#"${m_digit%?}"}))"; done
}

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
    safe "$backup" || fail "nothing was changed"
    say "Undoing the installation kept in $root${backup#.}"
    journal=$(sed -n '1!G;h;$p' "$backup/journal")
    # First look at everything here too.
    while IFS='|' read -r what path; do
        case $path/ in
        */../* | [!/]*) refuse "$root${backup#.}/journal names $path, which is no place of an installation" ;;
        *)
            safe "$(dirname -- ".$path")" || :
            [ "$what" != replaced ] || safe "$(dirname -- "$backup/files$path")" || :
            [ ! -d "$backup/taken-away" ] || safe "$(dirname -- "$backup/taken-away$path")" || :
            ;;
        esac
    done <<END
$journal
END
    [ "$refused" = no ] || fail "nothing was changed"
    while IFS='|' read -r what path; do
        dest=.$path
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
                move "$dest" "$backup/taken-away$path"
            fi
            if [ "$what" = replaced ]; then
                put_back "$backup/files$path" "$dest"
                say "put back $path"
            else
                say "took away $path"
            fi
            ;;
        esac
    done <<END
$journal
END
    [ "$dry" = yes ] || : >"$backup/undone"
    say "Done. What was taken away is in $root${backup#.}/taken-away; restart what reads these files."
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
    if [ "$summer" = sha256sum ]; then
        sha256sum <"$1" | cut -c1-64
    else
        openssl dgst -sha256 -r "$1" | cut -c1-64
    fi
}

# First look at everything, then change anything.
summer=none
for one in openssl sha256sum; do
    ! command -v "$one" >/dev/null 2>&1 || summer=$one
done
if [ "$unchecked" = yes ]; then
    summer=none
elif [ "$summer" = none ]; then
    refuse "neither sha256sum nor openssl is there, so nothing can be compared with SHA256SUMS; --unchecked installs all the same"
elif [ ! -f "$here/SHA256SUMS" ]; then
    refuse "SHA256SUMS is missing here, so nothing can be compared with it; unpack the archive again, or --unchecked installs all the same"
    summer=none
fi
safe "$state" || :
while IFS='|' read -r mode owner guard readers path; do
    source=$here/nodes/$node$path dest=.$path
    if [ ! -f "$source" ]; then
        refuse "nodes/$node$path is missing here; unpack the archive again"
        continue
    fi
    if [ "$summer" != none ]; then
        sum=$(sum_of "$source")
        if [ -z "$sum" ] || ! grep -Fqx -- "$sum  nodes/$node$path" "$here/SHA256SUMS"; then
            refuse "nodes/$node$path is not the file that was packed (SHA256SUMS); unpack the archive again"
        fi
    fi
    safe "$(dirname -- "$dest")" || continue
    if [ -d "$dest" ]; then
        refuse "$root$path is a folder"
    elif [ "$guard" = ca ] && [ -e "$dest" ] && [ "$replace_ca" = no ] && ! cmp -s "$source" "$dest"; then
        refuse "$root$path holds another CA or service-account key than this PKI; --replace-ca replaces it"
    fi
done <<END
$rows
END
[ "$refused" = no ] || fail "nothing was changed"

# What was set up before is restarted, not set up once more. A kubelet.conf of this very export is no sign of that: it
# lies here before kubeadm init.
set_up=''
for one in ./etc/kubernetes/manifests/*.yaml ./var/lib/kubelet/config.yaml ./etc/kubernetes/kubelet.conf ./var/lib/etcd/member; do
    [ -e "$one" ] || continue
    ! cmp -s "$one" "$here/nodes/$node${one#.}" || continue
    set_up=${one#.}
    break
done

backup=''
begin() {
    [ -z "$backup" ] || return 0
    number=1
    while [ -e "$state/backup-$number" ]; do number=$((number + 1)); done
    (umask 022 && mkdir -p ./var/lib)
    mkdir -p "$state"
    backup=$state/backup-$number
    mkdir "$backup" "$backup/files"
    : >"$backup/journal"
}

# make_folders PATH: the folders above a path, open to read as kubeadm makes them.
make_folders() {
    f_path=$(dirname -- "$1")
    [ ! -d ".$f_path" ] || return 0
    make_folders "$f_path"
    f_path=$(dirname -- "$1")
    printf 'folder|%s\n' "$f_path" >>"$backup/journal"
    (umask 022 && mkdir ".$f_path")
    own root:root ".$f_path"
}

changed='' count=0 same=0
while IFS='|' read -r mode owner guard readers path; do
    source=$here/nodes/$node$path dest=.$path
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
    place "$source" "$dest" "$mode" "$owner"
done <<END
$rows
END

if [ "$dry" = yes ]; then
    say "Dry run for $node of $cluster: $count files would be written, $same are in place already. Nothing was changed."
    exit 0
fi
say "$count files written for $node of $cluster, $same were in place already."
# shellcheck disable=SC2016 # the quotes are for whoever copies the line
[ -z "$backup" ] || say "Kept in $root${backup#.}; undo with: $0 --restore${root:+ --root '$root'}"
[ "$root_user" = yes ] || say "Not run as root: owner and group were left as they are."

# Whether a component is a service here. A kubelet that was never configured waits for kubeadm, and reads nothing.
has_unit() {
    [ "$1" != kubelet ] || [ -f ./var/lib/kubelet/config.yaml ] || return 1
    for folder in /etc/systemd/system /usr/lib/systemd/system /lib/systemd/system; do
        [ ! -f ".$folder/$1.service" ] || return 0
    done
    return 1
}

restarts=''
if [ "$count" -gt 0 ]; then
    for component in etcd kube-apiserver kube-controller-manager kube-scheduler kubelet kube-proxy; do
        case ,$changed, in *",$component,"*) ;; *) continue ;; esac
        manifest=/etc/kubernetes/manifests/$component.yaml
        if [ -f ".$manifest" ]; then
            restarts="$restarts  mv $manifest /etc/kubernetes/ && sleep 20 && mv /etc/kubernetes/$component.yaml $manifest
"
        elif has_unit "$component"; then
            restarts="$restarts  systemctl restart $component
"
        fi
    done
fi
if [ -n "$restarts" ]; then
    say "Restart what runs already, one after the other, on one node at a time:"
    printf '%s' "$restarts"
fi
if [ -z "$set_up" ]; then
    tell_next
elif [ "$count" -eq 0 ]; then
    say "$node was set up before ($set_up was there), and nothing was changed: there is nothing to restart."
elif [ -n "$restarts" ]; then
    say "$node was set up before ($set_up was there): there is nothing else to do here."
else
    say "$node was set up before ($set_up was there): restart whatever reads the files above. If it never ran, README.md says what comes next."
fi
