# Makes a machine of the namespaces that it runs in: a root of its own over the real one, whose changes go with it. Then it
# waits.
#   sh machine.sh NAME FOLDER COMPONENTS MACHINES
# FOLDER is an empty one to work in; COMPONENTS is Kubernetes' program of many names,
# MACHINES the folder of the others.
set -eu
name=$1 folder=$2 components=$3 machines=$4
hostname "$name"
mount -t tmpfs tmpfs "$folder"
mkdir "$folder/changes" "$folder/work" "$folder/root"
root=$folder/root
mount -t overlay overlay -o "lowerdir=/,upperdir=$folder/changes,workdir=$folder/work" "$root"
mount --rbind /sys "$root/sys"
mount --rbind /dev "$root/dev"
mount -t proc proc "$root/proc"

# Empty, whatever this computer has there; and containerd wants no overlay below its own.
for place in etc/kubernetes etc/systemd/system etc/cni etc/etcd etc/haproxy opt root run tmp usr/local/bin usr/local/sbin \
    usr/lib/systemd/system var/lib/containerd var/lib/cni var/lib/etcd var/lib/kubelet var/lib/kubernetes var/log; do
    mkdir -p "$root/$place"
    mount -t tmpfs -o mode=755 tmpfs "$root/$place"
done
chmod 1777 "$root/tmp"
mount --make-shared "$root/var/lib/kubelet"

# The programs, each by its name.
programs=$root/usr/local/bin
mkdir -p "$root/opt/machine" "$root/opt/cni/bin"
mount --bind "$machines" "$root/opt/machine"
touch "$programs/components"
mount --bind "$components" "$programs/components"
for program in kubectl kube-apiserver kube-controller-manager kube-proxy kube-scheduler; do
    ln -s components "$programs/$program"
done
for program in containerd containerd-shim-runc-v2 ctr etcdctl; do
    ln -s "/opt/machine/$program" "$programs/$program"
done
ln -s /opt/machine/server "$programs/etcd"
for program in journalctl pause systemctl; do
    ln -s /opt/machine/machines "$programs/$program"
done
for plugin in bridge host-local loopback; do
    ln -s "/opt/machine/$plugin" "$root/opt/cni/bin/$plugin"
done

mkdir "$root/run/old"
pivot_root "$root" "$root/run/old"
cd /
umount -l /run/old
rmdir /run/old
echo "$name" >/etc/hostname
: >/etc/resolv.conf
ip link set lo up
echo 1 >/proc/sys/net/ipv4/ip_forward
echo 1 >/proc/sys/net/ipv6/conf/all/forwarding
exec pause
