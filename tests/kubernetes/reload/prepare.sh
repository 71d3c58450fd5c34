# What the facts need beside the cluster: another CA and its clients, and servers that show with what the API server calls.
authority "$new" kubernetes-2026
authority "$strange" strange
client /root/admin "/O=system:masters/CN=new-admin" "$new"
client /root/front "/CN=front-proxy-client" "$new"
client /root/server "/CN=mirror" "$new"
client /root/own "/CN=mirror" "$new"
again /root/own.crt /root/own.key "$pki/ca.crt" "$pki/ca.key"
cp /root/own.crt /root/kcm.crt && cp /root/own.key /root/kcm.key
cp /root/own.crt /root/scheduler.crt && cp /root/own.key /root/scheduler.key
mirror mirror-old 9443 /root/own.crt /root/own.key
mirror mirror-new 9444 /root/server.crt /root/server.key
