# Adds programs of Debian and the libraries that they load to a tar file, each at its place.
#   sh debian.sh LAYER PROGRAM…
set -eu
layer=$1
shift
{
    for program in "$@"; do
        file=$(command -v "$program")
        echo "$file"
        ldd "$file" | grep -o '/[^ )]*'
    done
    # iptables loads its matches and targets by name, and these load libraries that it does not.
    find /usr/lib -type d -name xtables
    find /usr/lib -path '*/xtables/*.so' -exec ldd {} + | grep -o '/[^ )]* (' | sed 's, ($,,'
} | sort -u | tar -rhPf "$layer" --files-from - --transform 's,^/,./,'
