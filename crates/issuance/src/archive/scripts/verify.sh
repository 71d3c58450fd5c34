#!/bin/sh
# Checks PKI files: those beside this script, or a node's where they are installed. POSIX sh and openssl; nothing is
# changed. Ends in one line per connection; exit status 0 only when everything that was read holds.
set -u
LC_ALL=C
export LC_ALL
umask 077

name='@NAME@'
# The node whose bundle this is; nothing where several nodes are here.
bundle='@BUNDLE@'

usage() {
    cat <<'END'
usage: ./verify.sh [--node NAME] [--root DIR] [--live] [--warn DAYS]

Checks every file of this folder: sums, modes, certificates, keys, kubeconfigs, and each
connection between components that certificates decide.

  --node NAME  only the files of this node; what that leaves out is named at the end
  --root DIR   not this folder, but what is installed below DIR, / included: the files of one
               node, by default the one this machine is called. Sums are not compared, for
               what was renewed since has others
  --live       also ask the running ports which certificate they present
  --warn DAYS  warn of certificates that end within so many days, 30 unless said; 0 for none

Lines begin with
  ok    what both sides of the connection have of this PKI was read, and it holds
  half  one side was read and holds; the other is on a node that was not read
  warn  it holds, but not for long
  BAD   it does not hold

Exit status: 0 everything that was read holds; 1 something does not; 2 wrong usage, or no
openssl; 3 everything that was read holds, but a certificate ends within the days of --warn.
END
}

# a node's name
nodes() {
    cat <<'KUBEPKI_TABLE'
@NODES@
KUBEPKI_TABLE
}

# id|SHA-256 of the CA certificate
cas() {
    cat <<'KUBEPKI_TABLE'
@CAS@
KUBEPKI_TABLE
}

# mode|path
modes() {
    cat <<'KUBEPKI_TABLE'
@MODES@
KUBEPKI_TABLE
}

# number|how certificates are renewed
renewals() {
    cat <<'KUBEPKI_TABLE'
@RENEWALS@
KUBEPKI_TABLE
}

# certificate|where it is: pem or kubeconfig|file|file of its key|id of its CA|file of its CA|renewal|subject|usages|names
certs() {
    cat <<'KUBEPKI_TABLE'
@CERTS@
KUBEPKI_TABLE
}

# public key|private key
pairs() {
    cat <<'KUBEPKI_TABLE'
@PAIRS@
KUBEPKI_TABLE
}

# line|number|caller → server|what is shown|who calls|how many nodes take part
# part|number|nodes/NAME/|within or half|what the node's side shows|the nodes on the other side
# side|number|shown|purpose|form|file|form of the CA|file of the CA, the node's own|names, comma-separated
# trust|number|other|-|form|file of the CA that the node checks the other side with
# half|number|shown or other|purpose|form|file|form of the CA|file of the CA|names, comma-separated
connections() {
    cat <<'KUBEPKI_TABLE'
@CONNECTIONS@
KUBEPKI_TABLE
}

# what|address|port|certificate of the server|client certificate|client key
ports() {
    cat <<'KUBEPKI_TABLE'
@PORTS@
KUBEPKI_TABLE
}

fail() {
    printf 'verify.sh: %s\n' "$*" >&2
    exit 2
}

only='' root='' live=no warn=30
while [ $# -gt 0 ]; do
    case $1 in
    --node) [ $# -ge 2 ] || { usage >&2; exit 2; }; only=$2; shift ;;
    --root) [ $# -ge 2 ] && [ -n "$2" ] || { usage >&2; exit 2; }; root=$2; shift ;;
    --live) live=yes ;;
    --warn) [ $# -ge 2 ] || { usage >&2; exit 2; }; warn=$2; shift ;;
    -h | --help) usage; exit 0 ;;
    *) printf 'verify.sh: unknown option %s\n' "$1" >&2; usage >&2; exit 2 ;;
    esac
    shift
done
case $warn in
'' | *[!0-9]* | ??????*) fail "--warn takes a number of days, such as 30" ;;
0?*) fail "--warn takes a number without a leading zero" ;;
esac

if [ -n "$root" ]; then
    [ -d "$root" ] || fail "$root is no folder"
    root=$(CDPATH='' cd -- "$root" && pwd -P) || exit 2
fi
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd -P) || exit 2
cd "$here" || exit 2
command -v openssl >/dev/null 2>&1 || fail "openssl is not installed"

# Which node is it about? With --root it is always one, by its name or this machine's.
[ -n "$only" ] || only=$bundle
if [ -n "$root" ] && [ -z "$only" ]; then
    host=$(uname -n | tr '[:upper:]' '[:lower:]')
    for one in "$host" "${host%%.*}"; do
        if nodes | grep -Fqx -- "$one"; then
            only=$one
            break
        fi
    done
    [ -n "$only" ] || fail "this machine is called $host, which is no node here; --node NAME says which it is"
fi
if [ -n "$only" ]; then
    [ -z "$bundle" ] || [ "$bundle" = "$only" ] || fail "this is the bundle of $bundle, and holds nothing of $only"
    nodes | grep -Fqx -- "$only" || fail "there is no node $only in $here"
    [ -n "$root" ] || [ -d "nodes/$only" ] || fail "there is no folder nodes/$only in $here"
fi

work=$(mktemp -d "${TMPDIR:-/tmp}/kubepki-verify.XXXXXX") || exit 2
work=$(CDPATH='' cd -- "$work" && pwd -P) || exit 2
trap 'rm -rf "$work"' EXIT
trap 'exit 130' HUP INT TERM
# No root of this machine may stand in for a CA of this PKI.
mkdir "$work/none"
SSL_CERT_DIR=$work/none SSL_CERT_FILE=$work/none/none
export SSL_CERT_DIR SSL_CERT_FILE
: >"$work/useless"
: >"$work/changed"
: >"$work/mends"
: >"$work/gone"

# What is installed is read by the same names as what lies here.
if [ -n "$root" ]; then
    mkdir -p "$work/tree/nodes"
    ln -s "$root" "$work/tree/nodes/$only"
    cd "$work/tree" || exit 2
    [ "$root" != / ] || root=''
    what="${root:-/}, node $only"
    installed=yes
else
    what="$here${only:+, node $only}"
    installed=no
fi

wrong=0 soon=0 gone=''

# shown FILE: sets $as to how people call it.
shown() {
    as=$1
    [ "$installed" = no ] || as=$root${1#"nodes/$only"}
}

# mend COMMAND: says it, but once only: one cause has one remedy.
mend() {
    ! grep -Fqx -- "$1" "$work/mends" || return 0
    printf '%s\n' "$1" >>"$work/mends"
    printf '    mend: %s\n' "$1"
}

# bad FILE WHAT MEND: says what is wrong with a file, and the command that mends it.
bad() {
    wrong=$((wrong + 1))
    shown "$1"
    printf 'BAD %s: %s\n' "$as" "$2"
    mend "$3"
}

# useless FILE: no connection that needs this file can hold.
useless() {
    printf '%s\n' "$1" >>"$work/useless"
}

is_useless() {
    [ -s "$work/useless" ] && grep -Fqx -- "$1" "$work/useless"
}

# restore FILE: the command that puts it back as it was made.
restore() {
    if [ "$installed" = no ]; then
        printf "unzip -o %s.zip '%s/%s' -d '%s'" "$name" "$name" "$1" "$(dirname -- "$here")"
    elif [ -f "$here/$1" ]; then
        printf "cp -p '%s' '%s', if nothing has renewed it since" "$here/$1" "$root${1#"nodes/$only"}"
    else
        printf 'put back %s of the export, if nothing has renewed it since' "$1"
    fi
}

# as_made FILE: whether it is known to be as it was made, so that putting it back would change nothing.
as_made() {
    if [ "$installed" = no ]; then
        [ -f SHA256SUMS ] && ! grep -Fqx -- "$1" "$work/changed"
    else
        [ -f "$here/$1" ] && [ "$(openssl dgst -sha256 <"$here/$1")" = "$(openssl dgst -sha256 <"$1")" ]
    fi
}

# changed_for ONE OTHER: whether of two that do not belong together the first is as it was made, and the other is not.
changed_for() {
    as_made "$1" && ! as_made "$2"
}

# renew NUMBER: how certificates of this kind are renewed.
renew() {
    renewals | sed -n "s/^$1|//p"
}

# days YEAR MONTH DAY: sets $day to the days since 1970-01-01.
days() {
    d_y=$1 d_m=${2#0} d_d=${3#0}
    [ "$d_m" -gt 2 ] || d_y=$((d_y - 1))
    d_doy=$(((153 * ((d_m + 9) % 12) + 2) / 5 + d_d - 1))
    d_yoe=$((d_y % 400))
    # shellcheck disable=SC2017 # whole eras of 400 years
    day=$((d_y / 400 * 146097 + d_yoe * 365 + d_yoe / 4 - d_yoe / 100 + d_doy - 719468))
}

# moment TIME: sets $moment to the seconds since 1970 of `Nov 21 20:34:00 2036 GMT`.
moment() {
    # shellcheck disable=SC2086 # the words are wanted
    set -- $1
    case $1 in
    Jan) s_m=1 ;; Feb) s_m=2 ;; Mar) s_m=3 ;; Apr) s_m=4 ;; May) s_m=5 ;; Jun) s_m=6 ;;
    Jul) s_m=7 ;; Aug) s_m=8 ;; Sep) s_m=9 ;; Oct) s_m=10 ;; Nov) s_m=11 ;; *) s_m=12 ;;
    esac
    days "$4" "$s_m" "$2"
    s_h=${3%%:*} s_rest=${3#*:}
    s_min=${s_rest%%:*} s_s=${s_rest#*:}
    moment=$((day * 86400 + ${s_h#0} * 3600 + ${s_min#0} * 60 + ${s_s#0}))
}

# shellcheck disable=SC2046 # the words are wanted
set -- $(date -u '+%Y %m %d %H %M %S')
clock="$1-$2-$3 $4:$5:$6 UTC"
days "$1" "$2" "$3"
now=$((day * 86400 + ${4#0} * 3600 + ${5#0} * 60 + ${6#0}))

# field FILE KEY: what a kubeconfig has for `certificate-authority`, `client-certificate` or `client-key`: the bytes in it,
# or of the file that it names, as a kubelet that rotates its certificate writes it.
field() {
    f_data=$(sed -n "s/^ *$2-data: *//p" "$1" | head -n 1)
    if [ -n "$f_data" ]; then
        printf '%s' "$f_data" | openssl base64 -d -A 2>/dev/null
        return
    fi
    f_path=$(sed -n "s/^ *$2: *//p" "$1" | head -n 1 | tr -d '"')
    case $f_path in
    /*) [ "$installed" = yes ] && inside "nodes/$only$f_path" && cat "nodes/$only$f_path" 2>/dev/null ;;
    esac
}

# pem FORM FILE KEY: sets $pem to a file that holds the certificate, written out when it is inside a kubeconfig.
pem() {
    pem=$2
    [ "$1" = pem ] || {
        pem=$work/inner/$2.$3
        if [ ! -f "$pem" ]; then
            mkdir -p "${pem%/*}"
            field "$2" "$3" >"$pem"
        fi
    }
}

# inside FILE: whether a file that is read through --root DIR lies below DIR, wherever its links lead.
inside() {
    [ "$installed" = yes ] && [ -n "$root" ] || return 0
    [ ! -h "$1" ] || return 1
    i_folder=$(CDPATH='' cd -P -- "${1%/*}" 2>/dev/null && pwd -P) || return 0
    case $i_folder/ in "$root"/*) return 0 ;; esac
    return 1
}

# usable FILE: whether a planned file can be read; says so when it cannot.
usable() {
    if [ ! -f "$1" ]; then
        is_useless "$1" || bad "$1" "is missing" "$(restore "$1")"
    elif ! inside "$1"; then
        bad "$1" "is reached by a link that leads out of $root, so it was not read" "put the file itself in its place"
    elif [ ! -r "$1" ]; then
        bad "$1" "may not be read by $(id -un 2>/dev/null || id -u)" "run this as root"
    else
        return 0
    fi
    useless "$1"
    return 1
}

# read_certificate FILE: sets what is compared, in one call of openssl; the options leave the extensions alone in the text.
read_certificate() {
    info=$(openssl x509 -in "$1" -noout -nameopt RFC2253 -subject -startdate -enddate -fingerprint -sha256 -pubkey -text \
        -certopt no_header,no_version,no_serial,no_signame,no_validity,no_subject,no_issuer,no_pubkey,no_sigdump,no_aux \
        2>/dev/null) || return 1
    c_subject='' c_print='' c_usages='' c_names='' c_public='' c_next='' c_start='' c_end=''
    while IFS= read -r line; do
        case $c_next:$line in
        :subject=*) c_subject=${line#subject=} c_subject=${c_subject# } ;;
        :notBefore=*) c_start=${line#*=} ;;
        :notAfter=*) c_end=${line#*=} ;;
        :*Fingerprint=*) c_print=${line#*=} ;;
        :-----BEGIN*) c_public=$line c_next=public ;;
        public:*) c_public="$c_public
$line" ;;
        usages:*) c_usages=${line#"${line%%[! ]*}"} ;;
        names:*) c_names=${line#"${line%%[! ]*}"} ;;
        esac
        case $line in
        -----END*) c_next='' ;;
        *'Extended Key Usage'*) c_next=usages ;;
        *'Subject Alternative Name'*) c_next=names ;;
        *) [ "$c_next" = public ] || c_next='' ;;
        esac
    done <<END
$info
END
    [ -n "$c_start" ] && [ -n "$c_end" ]
}

fingerprint() {
    openssl x509 -in "$1" -noout -fingerprint -sha256 2>/dev/null | sed 's/.*=//'
}

# lacking LIST OTHER: what the first list has and the second has not, comma-separated.
lacking() {
    printf '%s\n' "$1" | sed 's/, /\
/g' | while IFS= read -r one; do
        case ", $2, " in *", $one, "*) ;; *) printf ' %s' "$one" ;; esac
    done
}

# why TEXT: openssl's verdict in words.
why() {
    case $1 in
    *'error 10 '*) echo "has expired, or its CA has" ;;
    *'error 9 '*) echo "is not valid yet, or its CA is not" ;;
    *'error 26 '*) echo "lacks the usage this needs" ;;
    *'error 62 '* | *'error 64 '*) echo "does not name what is dialled" ;;
    *'error 7 '*) echo "carries a signature that this CA's key did not make" ;;
    *'error 20 '* | *'error 21 '* | *'error 18 '* | *'error 19 '*) echo "is not signed by this CA" ;;
    *'lookup: '*) printf '%s\n' "$1" | sed -n 's/.*lookup: *//p' | head -n 1 ;;
    *) echo "is refused by openssl: $(printf '%s\n' "$1" | sed -n '/./p' | head -n 1)" ;;
    esac
}

echo "Checking $what"

# mine FILE: whether it is asked for.
mine() {
    [ -n "$1" ] || return 1
    case $only:$1 in :* | "$only":nodes/"$only"/*) return 0 ;; esac
    return 1
}

# Lines of a table that may be asked for, so that one node of thousands is checked quickly.
asked() {
    if [ -z "$only" ]; then cat; else grep -F -e "nodes/$only/"; fi
}

# Sums: every file that was packed is here and unchanged. A bundle's are all of its node.
modes | asked >"$work/modes"
if [ "$installed" = yes ]; then
    :
elif [ -f SHA256SUMS ]; then
    # Names are handed to openssl: nothing may look like an option or lead out of this folder.
    plain='^[0-9a-f]\{64\}  [A-Za-z0-9_][A-Za-z0-9._-]*\(/[A-Za-z0-9_][A-Za-z0-9._-]*\)*$'
    strange=$(grep -v -e "$plain" SHA256SUMS | head -n 1 | tr -cd '[:print:]' | cut -c1-160)
    if [ "$(grep -c -v -e "$plain" SHA256SUMS)" -gt 0 ]; then
        bad SHA256SUMS "has lines that no export has, such as '$strange'" "$(restore SHA256SUMS)"
    fi
    grep -e "$plain" SHA256SUMS | if [ -n "$bundle" ]; then cat; else asked; fi >"$work/want"
    sed 's|^[0-9a-f]*  |./|' "$work/want" | xargs openssl dgst -sha256 -r 2>/dev/null | sed 's| \*\./|  |' >"$work/sums"
    while read -r _ file; do
        [ -n "$file" ] || continue
        if [ ! -f "$file" ]; then
            useless "$file"
            bad "$file" "is missing" "$(restore "$file")"
        elif [ ! -r "$file" ]; then
            bad "$file" "may not be read by $(id -un 2>/dev/null || id -u)" "run this as root"
        else
            printf '%s\n' "$file" >>"$work/changed"
            bad "$file" "was changed since it was made: its SHA-256 is not the one in SHA256SUMS" "$(restore "$file")"
        fi
    done <<END
$(grep -Fvxf "$work/sums" "$work/want")
END
    sed 's|^[0-9a-f]*  ||' "$work/want" >"$work/listed"
    sed 's/^[^|]*|//' "$work/modes" | grep -Fvxf "$work/listed" >"$work/unlisted"
    [ ! -s "$work/unlisted" ] ||
        bad SHA256SUMS "lacks the sum of $(head -n 1 "$work/unlisted")" "$(restore SHA256SUMS)"
else
    bad SHA256SUMS "is missing" "$(restore SHA256SUMS)"
fi

# Modes: nobody may do more with a file than planned. Stricter is fine.
for mode in $(cut -d'|' -f1 "$work/modes" | sort -u); do
    # The bits that group and others must not have.
    unwanted=''
    for bit in 40 20 10 4 2 1; do
        case $bit in ?0) digit=${mode#??} digit=${digit%?} ;; *) digit=${mode#???} ;; esac
        [ $((digit / ${bit%0} % 2)) -eq 1 ] || unwanted="$unwanted${unwanted:+ -o }-perm -0$bit"
    done
    sed -n "s/^$mode|//p" "$work/modes" | while IFS= read -r file; do
        [ ! -f "$file" ] || printf '%s\n' "$file"
    done >"$work/files"
    [ -n "$unwanted" ] && [ -s "$work/files" ] || continue
    xargs sh -c 'find "$@" -prune -type f \( '"$unwanted"' \)' find <"$work/files" >"$work/open"
    while IFS= read -r file; do
        shown "$file"
        [ "$installed" = yes ] && place=$as || place=$here/$as
        bad "$file" "others may read or change it; its mode should be $mode" "chmod $mode '$place'"
    done <"$work/open"
done

cas >"$work/cas"

# judge: what is wrong with the certificate of one row, whose fields the loop below has read.
judge() {
    pem "$form" "$file" client-certificate
    cert=$pem
    if ! read_certificate "$cert"; then
        bad "$file" "holds no readable certificate" "$(restore "$file")"
        return
    fi
    if [ "$(grep -c 'BEGIN CERTIFICATE' "$cert")" != 1 ]; then
        bad "$file" "holds more than one certificate" "$(restore "$file")"
    fi
    [ "$c_subject" = "$subject" ] ||
        bad "$file" "is for $c_subject, planned is $subject ($id)" "$(restore "$file")"
    if [ "$ca" = - ]; then
        grep -Fqx -- "${id%@*}|$c_print" "$work/cas" ||
            bad "$file" "is another CA than ${id%@*} of this PKI" "$(restore "$file")"
    fi
    [ "$c_usages" = "$usages" ] ||
        bad "$file" "has the usages '$c_usages', planned are '$usages'" "$(restore "$file")"
    if [ "$c_names" != "$names" ]; then
        lost=$(lacking "$names" "$c_names") more=$(lacking "$c_names" "$names")
        [ -z "$lost$more" ] ||
            bad "$file" "names '$c_names'${lost:+ and lacks$lost}; planned is '$names'" "$(restore "$file")"
    fi
    public=none
    if [ "$form" = kubeconfig ]; then
        key=$file
        public=$(field "$file" client-key | openssl pkey -passin pass: -pubout 2>/dev/null)
        pem kubeconfig "$file" certificate-authority
        anchor=$pem
        grep -Fqx -- "$ca|$(fingerprint "$anchor")" "$work/cas" ||
            bad "$file" "trusts another CA than $ca of this PKI" "$(restore "$file")"
    elif [ "$key" != - ] && [ "$ca" = - ] && [ "$installed" = yes ] && [ ! -f "$key" ]; then
        # A CA's key may well have been taken away from a node.
        shown "$key"
        gone="$gone $as"
    elif [ "$key" != - ]; then
        usable "$key" || return
        public=$(openssl pkey -in "$key" -passin pass: -pubout 2>/dev/null)
    fi
    if [ "$public" = '' ]; then
        bad "$key" "holds no readable private key" "$(restore "$key")"
    elif [ "$public" != none ] && [ "$public" != "$c_public" ]; then
        torn=$key
        changed_for "$key" "$file" && torn=$file
        shown "$file"
        bad "$key" "is not the private key of $as ($id)" "$(restore "$torn")"
    fi
    [ "$ca" != - ] || anchor=$cert
    if [ "$anchor" = - ]; then
        :
    elif [ ! -f "$anchor" ]; then
        shown "$anchor"
        bad "$file" "is checked with $as, which is missing" "$(restore "$anchor")"
    elif ! said=$(openssl verify -no_check_time -CAfile "$anchor" "$cert" 2>&1); then
        # Of a false CA, it is the CA's file that has to be put back.
        shown "$anchor"
        if is_useless "$anchor"; then
            bad "$file" "$(why "$said") ($ca), and $as does not hold itself" "$(restore "$anchor")"
        else
            bad "$file" "$(why "$said") ($ca)" "$(restore "$file")"
        fi
    fi
    moment "$c_end"
    end=$moment
    moment "$c_start"
    case $file in
    */*)
        [ -d "$work/ends/${file%/*}" ] || mkdir -p "$work/ends/${file%/*}"
        printf '%s\n' "$end" >"$work/ends/$file"
        ;;
    esac
    all=$((all + 1))
    [ "$ca" = - ] || leaves=$((leaves + 1))
    if [ "$now" -lt "$moment" ]; then
        early=$((early + 1))
        bad "$file" "is not valid yet: it begins on $c_start" "compare this machine's clock with another one, and set it: date -u"
    elif [ "$now" -gt "$end" ]; then
        [ "$ca" = - ] || late=$((late + 1))
        bad "$file" "has expired on $c_end" "$(renew "$renewal")"
    elif [ "$end" -lt $((now + warn * 86400)) ]; then
        soon=$((soon + 1))
        shown "$file"
        count $(((end - now) / 86400)) day
        printf 'warn %s: ends in %s, on %s\n' "$as" "$counted" "$c_end"
        mend "$(renew "$renewal")"
    fi
}

# count NUMBER WORD: sets $counted to `1 day`, `2 days`.
count() {
    counted="$1 $2"
    [ "$1" -eq 1 ] || counted=${counted}s
}

# Certificates: readable, as planned, with the right key, of the right CA, at the right time.
all=0 leaves=0 early=0 late=0
while IFS='|' read -r id form file key ca anchor renewal subject usages names; do
    mine "$file" || continue
    if [ ! -f "$file" ] && [ "$installed" = yes ]; then
        # Whoever administers the cluster may keep this elsewhere.
        case $id in
        admin.conf@* | super-admin.conf@*)
            shown "$file"
            gone="$gone $as"
            printf '%s\n' "$file" >>"$work/gone"
            continue
            ;;
        esac
    fi
    usable "$file" || continue
    before=$wrong
    judge
    [ "$wrong" -eq "$before" ] || useless "$file"
done >"$work/found" <<END
$(certs | asked)
END
# Where all of them are too old or too new, they are not the first suspect.
if [ "$all" -gt 1 ] && [ "$early" -eq "$all" ]; then
    echo "First suspect: this machine's clock. It says $clock, and none of the $all certificates is valid yet."
elif [ "$leaves" -gt 1 ] && [ "$late" -eq "$leaves" ]; then
    echo "First suspect: this machine's clock. It says $clock, by which all $leaves certificates that CAs signed have expired."
    echo "    Compare it with another clock (date -u) before anything is renewed."
fi
cat "$work/found"

# Bare key pairs: the public key is that of the private one.
while IFS='|' read -r public private; do
    mine "$private" || continue
    usable "$public" && usable "$private" || continue
    made=$(openssl pkey -in "$private" -passin pass: -pubout 2>/dev/null) ||
        { bad "$private" "holds no readable private key" "$(restore "$private")"; continue; }
    torn=$public
    changed_for "$public" "$private" && torn=$private
    shown "$private"
    [ "$made" = "$(openssl pkey -pubin -in "$public" -pubout 2>/dev/null)" ] ||
        bad "$public" "is not the public key of $as: tokens signed with the one are refused by the other" \
            "$(restore "$torn")"
done <<END
$(pairs | asked)
END

# Connections: what each side shows, checked as the other side checks it. Of one node alone, what it has within itself
# is both sides; of all else it is one side, checked with the node's own copy of the CA.
finish() {
    [ -n "$text" ] || return 0
    if [ -n "$only" ] && [ "$state$takers$absent" != within1no ]; then away="$away${away:+; }$text"; fi
    [ "$absent" = no ] || return 0
    case $state in
    all) told="$text  $says" where="($who)" word='ok ' ;;
    within) told="$text  $says" where="(within $only)" word='ok ' ;;
    half) told="$text  $side" where="(the side of $only; the other, on $others, was not read)" word=half ;;
    *) return 0 ;;
    esac
    if [ -n "$broken" ]; then
        wrong=$((wrong + 1))
        printf 'BAD %s\n%s' "$told" "$broken"
        [ "$more" -eq 0 ] || { count "$more" file; echo "    and $counted more, see above"; }
        [ -z "$remedy" ] || mend "$remedy"
    elif [ -n "$left" ]; then
        count "$left" day
        printf '%s %s, %s left  %s\n' "$word" "$told" "$counted" "$where"
    else
        printf '%s %s  %s\n' "$word" "$told" "$where"
    fi
}

# broke FILE WHAT: a file for which the connection does not hold; each once, and not thousands of them.
broke() {
    case $blamed in *"|$1|"*) return 0 ;; esac
    blamed="$blamed$1|"
    blames=$((blames + 1))
    if [ "$blames" -gt 4 ]; then
        more=$((more + 1))
        return 0
    fi
    shown "$1"
    broken="$broken    $as: $2
"
}

# is_there FILE: whether a connection can be tried with it.
is_there() {
    if is_useless "$1"; then
        broke "$1" "does not hold, see above"
    elif [ -s "$work/gone" ] && grep -Fqx -- "$1" "$work/gone"; then
        absent=yes
    elif [ ! -f "$1" ]; then
        broke "$1" "is missing"
        remedy=$(restore "$1")
    else
        return 0
    fi
    return 1
}

# check FORM FILE FORM ANCHOR PURPOSE NAMES: one side as the other checks it.
check() {
    sound=yes
    for one in "$2" "$4"; do
        is_there "$one" || sound=no
    done
    [ "$sound" = yes ] || return 0
    pem "$1" "$2" client-certificate
    cert=$pem
    pem "$3" "$4" certificate-authority
    roots=$pem
    rest=${6:--},
    while [ -n "$rest" ]; do
        one=${rest%%,*} rest=${rest#*,}
        case $one in
        -) set -- "$1" "$2" "$3" "$4" "$5" ;;
        IP:*) set -- "$1" "$2" "$3" "$4" "$5" -verify_ip "${one#IP:}" ;;
        *) set -- "$1" "$2" "$3" "$4" "$5" -verify_hostname "${one#DNS:}" ;;
        esac
        c_purpose=$5
        said=$(
            shift 5
            openssl verify -CAfile "$roots" -purpose "$c_purpose" "$@" "$cert" 2>&1
        ) && continue
        reason=$(why "$said")
        case $reason in
        *'this CA'*) shown "$4"; reason="$reason, $as" ;;
        *'is dialled'*) reason="$reason, ${one#*:}" ;;
        esac
        broke "$2" "$reason ($c_purpose)"
        # The file is as it was planned, so it is the plan that does not fit.
        remedy='kubepki plan --design design.yaml says which field of the design makes it so'
        break
    done
}

# lives FILE: how long what is shown is valid still.
lives() {
    [ -f "$work/ends/$1" ] || return 0
    IFS= read -r end <"$work/ends/$1" || return 0
    lasting=$(((end - now) / 86400))
    if [ -z "$left" ] || [ "$lasting" -lt "$left" ]; then left=$lasting; fi
}

begin() {
    text=$1 says=$2 who=$3 takers=$4
    state=none side='' others='' broken='' remedy='' left='' blamed='|' blames=0 more=0 absent=no
    [ -n "$only" ] || state=all
}

text='' away=''
while IFS='|' read -r kind _ a b form file trust anchor names; do
    case $kind in
    line)
        finish
        begin "$a" "$b" "$form" "$file"
        ;;
    part)
        [ "$a" = "nodes/$only/" ] || continue
        state=$b side=$form others=$file
        ;;
    side)
        [ "$state" = half ] && mine "$file" || continue
        check "$form" "$file" "$trust" "$anchor" "$b" "$names"
        lives "$file"
        ;;
    trust)
        [ "$state" = half ] && mine "$file" || continue
        is_there "$file"
        ;;
    half)
        case $state in all) ;; within) mine "$file" && mine "$anchor" || continue ;; *) continue ;; esac
        check "$form" "$file" "$trust" "$anchor" "$b" "$names"
        [ "$a" = other ] || lives "$file"
        ;;
    esac
done <<END
$(connections | if [ -z "$only" ]; then cat; else grep -e '^line|' -e "|nodes/$only/"; fi)
END
finish

# Ports: what runs presents what lies here.
if [ "$live" = yes ]; then
    command -v timeout >/dev/null 2>&1 && patience='timeout 10' || patience=''
    while IFS='|' read -r what address port file client key; do
        mine "$file" && [ -f "$file" ] || continue
        set --
        [ ! -f "$client" ] || [ ! -f "$key" ] || set -- -cert "$client" -key "$key"
        # shellcheck disable=SC2086 # no word when there is no timeout
        $patience openssl s_client -connect "$address:$port" "$@" </dev/null >"$work/live" 2>/dev/null
        has=$(fingerprint "$work/live")
        shown "$file"
        if [ -z "$has" ]; then
            wrong=$((wrong + 1))
            printf 'BAD live %s at %s:%s shows no certificate: not running, or not reachable from here\n' "$what" "$address" "$port"
        elif [ "$has" = "$(fingerprint "$file")" ]; then
            printf 'ok  live %s at %s:%s presents %s\n' "$what" "$address" "$port" "$as"
        else
            wrong=$((wrong + 1))
            printf 'BAD live %s at %s:%s presents another certificate than %s (SHA-256 %s)\n' "$what" "$address" "$port" "$as" "$has"
            if [ "$installed" = yes ]; then
                mend "wait a minute, for ${what%@*} reads its files again by itself; if it still presents another then, its log says why not"
            else
                mend "install this file there and restart ${what%@*}"
            fi
        fi
    done <<END
$(ports | asked)
END
fi

# What is said above is said of nothing else.
if [ -n "$only" ]; then
    nodes | grep -Fvx -- "$only" >"$work/others"
    others=$(($(wc -l <"$work/others")))
    # shellcheck disable=SC2016 # the dollar is for sed
    case $others in
    0) ;;
    [1-8]) echo "not checked here: the files of $(sed -n -e 'H;${x;s/\n/, /g;s/^, //;p;}' "$work/others")" ;;
    *) echo "not checked here: the files of $others other nodes" ;;
    esac
    [ -z "$away" ] || echo "not checked here: connections with other nodes and among them: $away"
    if [ "$installed" = yes ]; then
        [ -z "$gone" ] || echo "not checked here, for it is not on this node:$gone"
        echo "    ./verify.sh --node NAME --root / on each node checks what is installed there"
    else
        [ -n "$bundle" ] || echo "not checked here: what lies outside nodes/$only"
        [ "$others" -eq 0 ] || echo "    ./verify.sh in the folder of the whole export, without --node, checks all of it"
    fi
fi
if [ "$wrong" -gt 0 ]; then
    case $wrong in 1) echo "1 thing does not hold." >&2 ;; *) echo "$wrong things do not hold." >&2 ;; esac
    exit 1
fi
if [ -n "$only" ] && [ ! -s "$work/modes" ]; then
    echo "Nothing was read of $only: this PKI has no files for it."
elif [ -n "$only" ]; then
    echo "What was read of $only holds."
else
    echo "Everything holds."
fi
[ "$soon" -gt 0 ] || exit 0
count "$warn" day
case $soon in
1) echo "1 certificate ends within $counted." ;;
*) echo "$soon certificates end within $counted." ;;
esac
exit 3
