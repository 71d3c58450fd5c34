#!/bin/sh
# Checks the PKI files beside this script: POSIX sh and openssl, nothing is changed.
# Ends in one line per connection; exit status 0 only when everything holds.
set -u
LC_ALL=C
export LC_ALL
umask 077

name='@NAME@'

usage() {
    cat <<'END'
usage: ./verify.sh [--node NAME] [--live]

Checks every file of this folder: sums, modes, certificates, keys, kubeconfigs, and each
connection between components that certificates decide.

  --node NAME  only the files of this node
  --live       also ask the running ports which certificate they present

Exit status: 0 everything holds, 1 something does not, 2 wrong usage or no openssl.
END
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

# certificate|where it is: pem or kubeconfig|file|file of its key|id of its CA|file of its CA|subject|usages|names
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

# line|number|text before the dates|who calls
# half|number|shown or other|sslclient or sslserver|form|file|form of the CA|file of the CA|names, comma-separated
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

only='' live=no
while [ $# -gt 0 ]; do
    case $1 in
    --node) [ $# -ge 2 ] || { usage >&2; exit 2; }; only=$2; shift ;;
    --live) live=yes ;;
    -h | --help) usage; exit 0 ;;
    *) usage >&2; exit 2 ;;
    esac
    shift
done

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd -P) || exit 2
cd "$here" || exit 2
command -v openssl >/dev/null 2>&1 || { echo "verify.sh: openssl is not installed" >&2; exit 2; }
[ -z "$only" ] || [ -d "nodes/$only" ] || { echo "verify.sh: there is no node $only in $here" >&2; exit 2; }
work=$(mktemp -d "${TMPDIR:-/tmp}/kubepki-verify.XXXXXX") || exit 2
trap 'rm -rf "$work"' EXIT
trap 'exit 130' HUP INT TERM
# No root of this machine may stand in for a CA of this PKI.
mkdir "$work/none"
SSL_CERT_DIR=$work/none SSL_CERT_FILE=$work/none/none
export SSL_CERT_DIR SSL_CERT_FILE

: >"$work/useless"
wrong=0

# bad FILE WHAT MEND: says what is wrong with a file, and the command that mends it.
bad() {
    wrong=$((wrong + 1))
    printf 'BAD %s: %s\n    mend: %s\n' "$1" "$2" "$3"
}

# useless FILE: no connection that needs this file can hold.
useless() {
    printf '%s\n' "$1" >>"$work/useless"
}

restore() {
    printf "unzip -o %s.zip '%s/%s' -d '%s'" "$name" "$name" "$1" "$(dirname -- "$here")"
}

again="kubepki generate --design design.yaml --out NEW.zip (new CAs), or on a running kubeadm cluster: kubeadm certs renew all"

is_useless() {
    [ -s "$work/useless" ] && grep -Fqx -- "$1" "$work/useless"
}

# Days since 1970-01-01 of YEAR MONTH DAY.
days() {
    d_y=$1 d_m=${2#0} d_d=${3#0}
    [ "$d_m" -gt 2 ] || d_y=$((d_y - 1))
    d_doy=$(((153 * ((d_m + 9) % 12) + 2) / 5 + d_d - 1))
    d_yoe=$((d_y % 400))
    # shellcheck disable=SC2017 # whole eras of 400 years
    echo $((d_y / 400 * 146097 + d_yoe * 365 + d_yoe / 4 - d_yoe / 100 + d_doy - 719468))
}

# Seconds since 1970 of `Nov 21 20:34:00 2036 GMT`.
seconds() {
    # shellcheck disable=SC2086 # the words are wanted
    set -- $1
    case $1 in
    Jan) s_m=1 ;; Feb) s_m=2 ;; Mar) s_m=3 ;; Apr) s_m=4 ;; May) s_m=5 ;; Jun) s_m=6 ;;
    Jul) s_m=7 ;; Aug) s_m=8 ;; Sep) s_m=9 ;; Oct) s_m=10 ;; Nov) s_m=11 ;; *) s_m=12 ;;
    esac
    s_day=$(days "$4" "$s_m" "$2")
    s_h=${3%%:*} s_rest=${3#*:}
    s_min=${s_rest%%:*} s_s=${s_rest#*:}
    echo $((s_day * 86400 + ${s_h#0} * 3600 + ${s_min#0} * 60 + ${s_s#0}))
}

# shellcheck disable=SC2046 # the words are wanted
set -- $(date -u '+%Y %m %d %H %M %S')
now=$(($(days "$1" "$2" "$3") * 86400 + ${4#0} * 3600 + ${5#0} * 60 + ${6#0}))

# field FILE KEY: the decoded bytes of a kubeconfig's field.
field() {
    sed -n "s/^ *$2: *//p" "$1" | head -n 1 | openssl base64 -d -A 2>/dev/null
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

# read_certificate FILE: sets what is compared, in one call of openssl; the options leave the extensions alone in the text.
read_certificate() {
    info=$(openssl x509 -in "$1" -noout -nameopt RFC2253 -subject -fingerprint -sha256 -pubkey -text \
        -certopt no_header,no_version,no_serial,no_signame,no_validity,no_subject,no_issuer,no_pubkey,no_sigdump,no_aux \
        2>/dev/null) || return 1
    c_subject='' c_print='' c_usages='' c_names='' c_public='' c_next=''
    while IFS= read -r line; do
        case $c_next:$line in
        *:subject=*) c_subject=${line#subject=} c_subject=${c_subject# } ;;
        *Fingerprint=*) c_print=${line#*=} ;;
        *:-----BEGIN*) c_public=$line c_next=public ;;
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
}

fingerprint() {
    openssl x509 -in "$1" -noout -fingerprint -sha256 2>/dev/null | sed 's/.*=//'
}

# why TEXT: openssl's verdict in words.
why() {
    case $1 in
    *'error 10 '*) echo "has expired, or its CA has" ;;
    *'error 9 '*) echo "is not valid yet: is this machine's clock right?" ;;
    *'error 26 '*) echo "lacks the usage this needs" ;;
    *'error 62 '* | *'error 64 '*) echo "does not name what is dialled" ;;
    *'error 7 '*) echo "carries a signature that this CA's key did not make" ;;
    *'error 20 '* | *'error 21 '* | *'error 18 '* | *'error 19 '*) echo "is not signed by this CA" ;;
    *) printf '%s\n' "$1" | sed -n 's/.*lookup: *//p' | head -n 1 ;;
    esac
}

echo "Checking $here"

# mine FILE: whether it is asked for.
mine() {
    [ -n "$1" ] || return 1
    case $only:$1 in :* | "$only":nodes/"$only"/*) return 0 ;; esac
    return 1
}

# Lines of a table that may be asked for, so that one node of thousands is checked quickly.
asked() {
    if [ -z "$only" ]; then cat; else grep -e '^line|' -e "nodes/$only/"; fi
}

# Sums: every file that was packed is here and unchanged. Names in an export have no spaces.
if [ -f SHA256SUMS ]; then
    asked <SHA256SUMS >"$work/want"
    sed 's/^[0-9a-f]*  //' "$work/want" | xargs openssl dgst -sha256 -r 2>/dev/null | sed 's/ \*/  /' >"$work/sums"
    while read -r _ file; do
        mine "$file" || continue
        if [ ! -f "$file" ]; then
            bad "$file" "is missing" "$(restore "$file")"
        else
            bad "$file" "was changed since it was made: its SHA-256 is not the one in SHA256SUMS" "$(restore "$file")"
        fi
    done <<END
$(grep -Fvxf "$work/sums" "$work/want")
END
else
    bad SHA256SUMS "is missing" "$(restore SHA256SUMS)"
fi

# Modes: nobody may do more with a file than planned. Stricter is fine.
modes | asked >"$work/modes"
find nodes offline-ca -type f \( -perm -040 -o -perm -020 -o -perm -010 -o -perm -004 -o -perm -002 -o -perm -001 \) \
    2>/dev/null | sed 's/^/0600|/' >"$work/open"
find nodes offline-ca -type f \( -perm -020 -o -perm -002 \) 2>/dev/null | sed 's/^/0644|/' >>"$work/open"
while IFS='|' read -r mode file; do
    mine "$file" || continue
    bad "$file" "others may read or change it; its mode should be $mode" "chmod $mode '$here/$file'"
done <<END
$(grep -Fxf "$work/modes" "$work/open")
END

cas >"$work/cas"

# Certificates: readable, as planned, with the right key, of the right CA.
while IFS='|' read -r id form file key ca anchor subject usages names; do
    mine "$file" || continue
    if [ ! -f "$file" ]; then
        [ -f SHA256SUMS ] || bad "$file" "is missing" "$(restore "$file")"
        continue
    fi
    before=$wrong
    pem "$form" "$file" client-certificate-data
    cert=$pem
    if ! read_certificate "$cert"; then
        useless "$file"
        bad "$file" "holds no readable certificate" "$(restore "$file")"
        continue
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
        lost=$(printf '%s\n' "$names" | sed 's/, /\
/g' | while IFS= read -r one; do
            case ", $c_names, " in *", $one, "*) ;; *) printf ' %s' "$one" ;; esac
        done)
        bad "$file" "names '$c_names'${lost:+ and lacks$lost}; planned is '$names'" "$(restore "$file")"
    fi
    public=none
    if [ "$form" = kubeconfig ]; then
        key=$file
        public=$(field "$file" client-key-data | openssl pkey -passin pass: -pubout 2>/dev/null)
        pem kubeconfig "$file" certificate-authority-data
        anchor=$pem
        grep -Fqx -- "$ca|$(fingerprint "$anchor")" "$work/cas" ||
            bad "$file" "trusts another CA than $ca of this PKI" "$(restore "$file")"
    elif [ "$key" != - ] && [ -f "$key" ]; then
        public=$(openssl pkey -in "$key" -passin pass: -pubout 2>/dev/null)
    fi
    if [ "$public" = '' ]; then
        bad "$key" "holds no readable private key" "$(restore "$key")"
    elif [ "$public" != none ] && [ "$public" != "$c_public" ]; then
        bad "$key" "is not the private key of $file ($id)" "$(restore "$key")"
    fi
    [ "$ca" != - ] || anchor=$cert
    if [ "$anchor" != - ] && [ -f "$anchor" ]; then
        said=$(openssl verify -CAfile "$anchor" "$cert" 2>&1) || {
            reason=$(why "$said")
            case $reason in
            *expired*) bad "$file" "$reason" "$again" ;;
            *'not valid yet'*) bad "$file" "$reason" "date -u" ;;
            *) bad "$file" "$reason ($ca)" "$(restore "$file")" ;;
            esac
        }
    fi
    [ "$wrong" -eq "$before" ] || useless "$file"
done <<END
$(certs | asked)
END

# Bare key pairs: the public key is that of the private one.
while IFS='|' read -r public private; do
    [ -n "$private" ] && [ -f "$public" ] && [ -f "$private" ] || continue
    mine "$private" || continue
    made=$(openssl pkey -in "$private" -passin pass: -pubout 2>/dev/null) ||
        { bad "$private" "holds no readable private key" "$(restore "$private")"; continue; }
    [ "$made" = "$(openssl pkey -pubin -in "$public" -pubout 2>/dev/null)" ] ||
        bad "$public" "is not the public key of $private: tokens signed with the one are refused by the other" \
            "openssl pkey -in '$here/$private' -pubout -out '$here/$public'"
done <<END
$(pairs | asked)
END

# Connections: what each side shows, checked as the other side checks it.
finish() {
    [ -n "$text" ] || return 0
    if [ "$seen" = no ]; then
        :
    elif [ -n "$broken" ]; then
        wrong=$((wrong + 1))
        printf 'BAD %s\n%s' "$text" "$broken"
    else
        printf 'ok  %s%s  (%s)\n' "$text" "${left:+, $left days left}" "$who"
    fi
}

broke() {
    broken="$broken    $1: $2
    mend: $3
"
}

text='' broken='' seen=no left='' who=''
while IFS='|' read -r kind _ a b form file trust anchor names; do
    if [ "$kind" = line ]; then
        finish
        text=$a who=$b broken='' seen=no left=''
        continue
    fi
    [ "$kind" = half ] || continue
    mine "$file" || continue
    seen=yes
    if [ ! -f "$file" ]; then
        broke "$file" "is missing" "$(restore "$file")"
        continue
    fi
    if [ ! -f "$anchor" ]; then
        broke "$anchor" "is missing" "$(restore "$anchor")"
        continue
    fi
    pem "$form" "$file" client-certificate-data
    cert=$pem
    pem "$trust" "$anchor" certificate-authority-data
    roots=$pem
    for one in "$file" "$anchor"; do
        ! is_useless "$one" || broke "$one" "see above" "$(restore "$one")"
        [ "$file" != "$anchor" ] || break
    done
    rest=${names:--},
    while [ -n "$rest" ]; do
        one=${rest%%,*} rest=${rest#*,}
        case $one in
        -) set -- ;;
        IP:*) set -- -verify_ip "${one#IP:}" ;;
        *) set -- -verify_hostname "${one#DNS:}" ;;
        esac
        said=$(openssl verify -CAfile "$roots" -purpose "$b" "$@" "$cert" 2>&1) && continue
        reason=$(why "$said")
        case $reason in
        *expired*) mend=$again ;;
        *'not valid yet'*) mend='date -u' ;;
        *'this CA'*) reason="$reason, $anchor" mend=$(restore "$file") ;;
        *'is dialled'*) reason="$reason, ${one#*:}" mend=$(restore "$file") ;;
        *) mend=$(restore "$file") ;;
        esac
        broke "$file" "$reason ($b)" "$mend"
        break
    done
    if [ "$a" = shown ]; then
        end=$(openssl x509 -in "$cert" -noout -enddate 2>/dev/null | sed 's/.*=//')
        if [ -n "$end" ]; then
            days=$((($(seconds "$end") - now) / 86400))
            if [ -z "$left" ] || [ "$days" -lt "$left" ]; then left=$days; fi
        fi
    fi
done <<END
$(connections | asked)
END
finish

# Ports: what runs presents what lies here.
if [ "$live" = yes ]; then
    command -v timeout >/dev/null 2>&1 && patience='timeout 10' || patience=''
    while IFS='|' read -r what address port file client key; do
        [ -n "$file" ] && [ -f "$file" ] || continue
        mine "$file" || continue
        set --
        [ ! -f "$client" ] || [ ! -f "$key" ] || set -- -cert "$client" -key "$key"
        # shellcheck disable=SC2086 # no word when there is no timeout
        $patience openssl s_client -connect "$address:$port" "$@" </dev/null >"$work/live" 2>/dev/null
        has=$(fingerprint "$work/live")
        if [ -z "$has" ]; then
            wrong=$((wrong + 1))
            printf 'BAD live %s at %s:%s shows no certificate: not running, or not reachable from here\n' "$what" "$address" "$port"
        elif [ "$has" = "$(fingerprint "$file")" ]; then
            printf 'ok  live %s at %s:%s presents %s\n' "$what" "$address" "$port" "$file"
        else
            wrong=$((wrong + 1))
            printf 'BAD live %s at %s:%s presents another certificate than %s (SHA-256 %s)\n' "$what" "$address" "$port" "$file" "$has"
            printf '    mend: install this file there and restart %s\n' "${what%@*}"
        fi
    done <<END
$(ports | asked)
END
fi

if [ "$wrong" -eq 0 ]; then
    echo "Everything holds."
    exit 0
fi
echo "$wrong things do not hold." >&2
exit 1
