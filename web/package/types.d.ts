// Written by `cargo run -p kubepki-js --example types`. A test fails where it is not what the code says.

/** How serious a finding is, gravest first. */
export type Severity = "error" | "warning" | "advice" | "notice";

/** The views there are. */
export type ViewId = "hierarchy" | "connections" | "handshake" | "files" | "flags" | "timeline" | "commands" | "cis";

/** The presets there are. */
export type PresetName = "single" | "ha-stacked" | "ha-external" | "course";

/** Who calls whom. */
export type ConnectionId = "etcd->etcd" | "etcd-gateway->etcd" | "etcdctl->etcd" | "kube-apiserver->etcd" | "kube-controller-manager->kube-apiserver" | "kube-scheduler->kube-apiserver" | "kubelet->kube-apiserver" | "kube-proxy->kube-apiserver" | "kubectl->kube-apiserver" | "super-admin->kube-apiserver" | "pod->kube-apiserver" | "kube-apiserver->kubelet" | "kube-apiserver->aggregated-apiserver" | "kubelet->etcd" | "kubelet-bootstrap->kube-apiserver" | "kubeadm->kube-apiserver" | "kube-apiserver->kube-apiserver" | "metrics-server->kubelet" | "aggregated-apiserver->kube-apiserver" | "kube-apiserver->webhook" | "kube-apiserver->pod" | "kubelet->kube-controller-manager" | "kubelet->kube-scheduler" | "load-balancer->kube-apiserver" | "kubelet->container-runtime" | "pod->coredns" | "pod->pod" | "kube-apiserver->konnectivity-server" | "kube-apiserver->oidc-issuer";

/** The algorithms of keys. */
export type KeyAlgorithm = "RSA-2048" | "RSA-3072" | "RSA-4096" | "ECDSA-P256" | "ECDSA-P384";

/** What a node is for. */
export type Role = "control-plane" | "etcd" | "worker";

/** What a certificate is for. */
export type CertificateKind = "ca" | "server" | "client" | "peer" | "key-pair";

/** What a file holds. */
export type Holding = "certificate" | "private key" | "public key" | "kubeconfig";

/** How a step of a handshake ends. */
export type StepOutcome = "fits" | "fails here" | "not reached" | "not checked";

/** A machine of the cluster. */
export type DesignNode = {
  /** Lower-case RFC 1123 name, unique in the design. */
  name: string,
  /** IPv4 or IPv6 addresses; the first is the advertise address. */
  addresses: Array<string>,
  /** What the node is for. The first control-plane node is the init node. */
  roles: Array<Role>,
};

/** The design of a cluster: the fields of a design file. What is left out has its default. */
export type Design = {
  apiVersion?: "kubepki.dev/v1alpha1",
  kind?: "ClusterDesign",
  /** The cluster's name: cluster and context name in every kubeconfig, and the name of the zip. Default: kubernetes. */
  clusterName?: string,
  /** 1.34 means the newest patch known; v1.34.7 means that patch. Subjects, files and flags follow the version. Default: 1.37. */
  kubernetesVersion?: string,
  /** kubeadm: the zip holds just what kubeadm init and join accept. manual: the zip holds everything. Default: kubeadm. */
  start?: "kubeadm" | "manual",
  /** Where files go and what they are called: as kubeadm does, or as training courses do. Default: kubeadm. */
  layout?: "kubeadm" | "course",
  /** Name or address, with or without port, under which clients reach the API servers; a name in every API server certificate. */
  controlPlaneEndpoint?: string,
  networking?: {
    /** One or two CIDRs for Services. The first address of the first one is in the API server's certificate. Default: 10.96.0.0/12. */
    serviceSubnets?: Array<string>,
    /** One or two CIDRs for Pods. No certificate depends on them. */
    podSubnets?: Array<string>,
    /** The cluster's DNS domain: part of kubernetes.default.svc.DOMAIN and of the token issuer. Default: cluster.local. */
    dnsDomain?: string,
  },
  etcd?: {
    /** stacked: a member on every control-plane node. external: members on the nodes with role etcd. Default: stacked. */
    mode?: "stacked" | "external",
    /** Names or addresses added to every etcd server certificate. */
    serverCertSANs?: Array<string>,
    /** Names or addresses added to every etcd peer certificate. */
    peerCertSANs?: Array<string>,
    /** Where etcd keeps everything in the cluster, on each of its nodes. No certificate depends on it. Default: /var/lib/etcd. */
    dataDir?: string,
  },
  apiServer?: {
    /** Names or addresses added to every API server certificate. */
    certSANs?: Array<string>,
    /** The port the API servers listen on; part of server URLs. Default: 6443. */
    bindPort?: number,
    /** Course layout: own client pairs towards etcd and kubelets, or its serving pair used again. Default: own. */
    clientPairs?: "own" | "serving",
  },
  keys?: {
    /** Algorithm of the CA keys. It decides the signature in every certificate below. Default: RSA-2048. */
    ca?: KeyAlgorithm,
    /** Algorithm of all other keys, kubeconfigs and service-account key included. Default: RSA-2048. */
    leaf?: KeyAlgorithm,
  },
  validity?: {
    /** How long CAs are valid: a Go duration such as 87600h, or days such as 3650d. Default: 87600h. */
    ca?: string,
    /** How long other certificates are valid: a Go duration such as 8760h, or days such as 365d. Default: 8760h. */
    leaf?: string,
  },
  /** onControlPlane: where kubeadm puts them. offNode: in offline-ca/ alone, never on a node. Default: onControlPlane. */
  caKeys?: "onControlPlane" | "offNode",
  kubelet?: {
    /** bootstrap: a joining kubelet makes its key and requests its certificate. issued: made here (manual start). Default: bootstrap. */
    client?: "bootstrap" | "issued",
    /** selfSigned: each kubelet signs its own, nobody can check it. clusterCA: signed by the cluster CA, so the API server can. Default: selfSigned. */
    serving?: "selfSigned" | "clusterCA",
  },
  hardening?: {
    /** Sets --tls-min-version on every component; empty leaves Go's default, TLS 1.2. */
    tlsMinVersion?: "" | "VersionTLS12" | "VersionTLS13",
    /** Sets --tls-cipher-suites on every component; empty leaves Go's default. */
    cipherSuites?: Array<"TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256" | "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384" | "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256" | "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256" | "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384" | "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256">,
  },
  /** separate: etcd has a CA of its own. single: one CA signs everything (course layout alone). Default: separate. */
  trust?: "separate" | "single",
  /** Course layout: crt gives NAME.crt and NAME.key, pem gives NAME.pem and NAME-key.pem. Default: crt. */
  fileNames?: "crt" | "pem",
  /** Where the manifests take their images from. Default: registry.k8s.io. */
  imageRepository?: string,
  kubeadm?: {
    /** Component and setting, without a value: your file sets it, this design does not hold it. Views say to look there. */
    alsoSets?: Array<string>,
  },
  /** The machines of the cluster. */
  nodes: Array<DesignNode>,
};

/** One finding: what, where, and what to do. */
export type Finding = {
  /** How serious it is; nothing can be planned or issued until every `error` is mended. */
  severity: Severity,
  /** Stable id of the rule, such as `nodes-duplicate-name`. */
  code: string,
  /** Path of the field it belongs to (`nodes.0.name`); empty when it belongs to the whole design. */
  path: string,
  /** Line in the text, from 1; null where the design is no text or the finding stands nowhere in it. */
  line: number | null,
  /** Column in characters, from 1; null as the line is. */
  column: number | null,
  /** What is wrong, one sentence, naming the value. */
  message: string,
  /** What to do about it; empty when the message says it already. */
  help: string,
  /** Where the rule comes from: a document, a file of Kubernetes, an RFC section; may be empty. */
  source: string,
};

/** Why something was not done. `core.js` makes a `KubePkiError` of it. */
export type Failure = {
  /**
   * `design`: the design has errors, the findings name them all. `argument`: something else that was given is not right.
   * `undone`: it could not be done. `wasm`: the WebAssembly could not be loaded, or stopped.
   */
  code: "design" | "argument" | "undone" | "wasm",
  /** One or two sentences for people. Never holds a secret. */
  message: string,
  /** Everything there is to say about the design. */
  findings: Array<Finding>,
};

/** What follows from a design, before any key is made. */
export type Plan = {
  /** The cluster's name. */
  clusterName: string,
  /** The version that is planned for, `v1.37.1`. */
  kubernetesVersion: string,
  /** The names of the nodes, in the design's order. */
  nodes: Array<string>,
  /** Certificates and bare key pairs, issuers before what they sign. */
  certificates: Array<PlannedCertificate>,
  /** Every file, sorted by node and path. */
  files: Array<PlannedFile>,
  /** Every flag that names one of the files or follows from the design. */
  flags: Array<PlannedFlag>,
  /** The connections there are, by id. */
  connections: Array<ConnectionId>,
  /** What is worth knowing about the design; none is an error. */
  findings: Array<Finding>,
};

/** A certificate that will be issued, or a bare key pair that will be made. */
export type PlannedCertificate = {
  /** Its name across page, command line and here: `apiserver@cp-1`, `ca@cluster`. */
  key: string,
  /** The kind of certificate, as kubeadm calls it: `apiserver`. */
  id: string,
  /** Its node; null when it belongs to the cluster. */
  node: string | null,
  /** What it is for. */
  kind: CertificateKind,
  /** The `key` of its issuer; null when self-signed or a bare key pair. */
  issuer: string | null,
  /** Its subject, `O=system:nodes, CN=system:node:cp-1`; null for a bare key pair. */
  subject: string | null,
  /** Its names, DNS names before addresses. */
  sans: Array<string>,
  /** Its extended key usages. */
  extendedKeyUsages: Array<"serverAuth" | "clientAuth">,
  /** Its key's algorithm. */
  keyAlgorithm: KeyAlgorithm,
  /** How long it is valid after the issue time, in seconds. */
  lifetimeSeconds: number,
};

/** A file that will be written. */
export type PlannedFile = {
  /** The node whose file system it is in; null for what is kept off the nodes. */
  node: string | null,
  /** Its path: absolute on a node, relative off the nodes. */
  path: string,
  /** Unix mode, such as 0o600. */
  mode: number,
  /** Owner and group. */
  owner: string,
  /** What it holds: `certificate`, `private key`, `public key`, `kubeconfig`. */
  holds: Holding,
  /** The `key` of the certificate or key pair it is made from. */
  certificate: string,
  /** Whether whoever reads it can pose as the holder. */
  secret: boolean,
};

/** A flag of a component. */
export type PlannedFlag = {
  /** The program, `kube-apiserver`. */
  component: string,
  /** The node that it runs on. */
  node: string,
  /** Its name, `--tls-cert-file`, or the path of a setting in a configuration file. */
  flag: string,
  /** Its value; null where it is left out, or where the user's own kubeadm file sets it. */
  value: string | null,
  /** Whether the user's own kubeadm file sets it (`kubeadm.alsoSets` of the design): look there. */
  own: boolean,
  /** The `key` of the certificate or key pair in the file that it names; null where it names none. */
  certificate: string | null,
};

/** How far `generate` is. */
export type Progress = {
  /** Keys, certificates and files done. */
  done: number,
  /** All there are. */
  total: number,
  /** What it is at. */
  step: "keys" | "signatures" | "files",
};

/** What `generate` makes. */
export type GenerateOptions = {
  /**
   * What of it is given; everything where nothing is said. A CA's private key can make any identity: whoever needs none
   * asks for none.
   */
  include?: Include,
};

/** What of a PKI is given. */
export type Include = "all" | "without-ca-keys" | "ca-keys" | {
  /** Its name. */
  node: string,
};

/** What `generate` made. Whoever asked for private keys has them here, to keep and to wipe. */
export type Generated = {
  /** The name to save the zip under, `prod-eu-pki.zip`. */
  name: string,
  /** The zip: one top folder, Unix modes inside, stable order, nothing compressed. */
  zip: Uint8Array<ArrayBuffer>,
  /** The files in it, in the same order. */
  files: Array<GeneratedFile>,
  /** What each certificate says, issuers before what they signed. */
  certificates: Array<CertificateFacts>,
  /** When they were issued, RFC 3339 in UTC. */
  issuedAt: string,
  /** What is worth knowing about the design; none is an error. */
  findings: Array<Finding>,
};

/** A file that was made. */
export type GeneratedFile = {
  /** Its path below the top folder: `nodes/cp-1/etc/kubernetes/pki/ca.crt` is `/etc/kubernetes/pki/ca.crt` on `cp-1`. */
  path: string,
  /** Its Unix mode, such as 0o600. */
  mode: number,
  /** What is in it. */
  bytes: Uint8Array<ArrayBuffer>,
};

/** What a finished certificate says, read back from its bytes. */
export type CertificateFacts = {
  /** Its name across page, command line and here: `apiserver@cp-1`. */
  key: string,
  /** Subject, as `O=system:nodes, CN=system:node:cp-1`. */
  subject: string,
  /** Issuer, the same way. */
  issuer: string,
  /** Serial number, lower-case hexadecimal. */
  serial: string,
  /** Start of validity, RFC 3339 in UTC. */
  notBefore: string,
  /** End of validity, RFC 3339 in UTC. */
  notAfter: string,
  /** Names: `DNS:kubernetes`, `IP:10.96.0.1`, in the certificate's order. */
  sans: Array<string>,
  /** Key usages as RFC 5280 4.2.1.3 names them. */
  keyUsages: Array<string>,
  /** Extended key usages: `serverAuth`, `clientAuth`, else the OID. */
  extendedKeyUsages: Array<string>,
  /** Whether it is a CA's. */
  ca: boolean,
  /** Subject key identifier, upper-case hexadecimal with colons; null without the extension. */
  subjectKeyId: string | null,
  /** Authority key identifier, the same way. */
  authorityKeyId: string | null,
  /** Key algorithm: `RSA-2048`, `ECDSA-P256`. */
  keyAlgorithm: string,
  /** Signature algorithm as Go names it: `SHA256-RSA`, `ECDSA-SHA256`. */
  signatureAlgorithm: string,
  /** SHA-256 of the certificate, upper-case hexadecimal with colons. */
  fingerprint: string,
  /** SHA-256 of the public key, lower-case hexadecimal: kubeadm's discovery hash for a CA. */
  publicKeyHash: string,
  /** The certificate, PEM. */
  pem: string,
};

/** A preset: a design to start from. */
export type Preset = {
  /** Its id. */
  name: PresetName,
  /** What people call it. */
  title: string,
  /** A few words more. */
  subtitle: string,
  /** The design file. */
  yaml: string,
};

/** A fault that can be put into a cluster. */
export type Fault = {
  /** Its id, `expired:etcd-server`. */
  id: string,
  /** What it is, in a few words. */
  title: string,
  /** What is changed. */
  change: string,
  /** The connections that it touches. */
  connections: Array<string>,
};

/** What `handshake` tries. */
export type HandshakeOptions = {
  /** Id of the connection, `kube-apiserver->etcd`; `plan` lists them. */
  connection: ConnectionId,
  /** The node that calls or is called; the first where none is given. */
  node?: string,
  /** Ids of the faults that are put in; `faults` lists them. */
  faults?: Array<string>,
  /** The newest TLS version that the caller speaks; 1.3 where none is given. */
  tls?: "1.2" | "1.3",
  /** Days from now at which it is tried; 0 where none are given. */
  days?: number,
};

/** A connection that was tried. */
export type Handshake = {
  /** Whether both sides are content. */
  holds: boolean,
  /** Step by step. */
  steps: Array<Step>,
  /** Id of the connection, `kube-apiserver->etcd`. */
  connection: string,
  /** The time at which it was tried, RFC 3339 in UTC. */
  at: string,
  /** What was dialled, `10.0.0.1:6443`. */
  dialled: string,
  /** The TLS version that was agreed on, `1.3`; null without agreement. */
  tls: string | null,
  /** The caller. */
  client: SideReport,
  /** The server. */
  server: ServerReport,
  /** Who the server takes the caller for; null where it does not come to that, or does not ask. */
  identity: IdentityReport | null,
  /**
   * What somebody is told who had the client call, as it was recorded: kubectl of what kube-apiserver hands on, curl of
   * etcd's gateway. Null where the client calls by itself, and where it was not recorded.
   */
  answer: LogReport | null,
};

/** A line of a log. */
export type LineReport = {
  /** The verbosity (`--v`) from which on it is printed; 0 is without any setting. */
  verbosity: number,
  /** The whole line, `…` for what varies. */
  text: string,
};

/** What a component prints, as it was recorded from it. */
export type LogReport = {
  /** The component. */
  component: string,
  /** Its version when it was recorded. */
  version: string,
  /** Whether it ends then, or does not start. */
  ends: boolean,
  /**
   * Within how many seconds the first line stood there, after the component or the one that it speaks of was started on the
   * files with the fault, or the command was given; null where that was not recorded.
   */
  within: number | null,
  /** The lines, in order. */
  lines: Array<LineReport>,
};

/** One side of a call. Files are paths in a folder as `kubepki break` writes it. */
export type SideReport = {
  /** The file with what it shows. */
  cert: string | null,
  /** The file with its private key. */
  key: string | null,
  /** The file that it checks the other side with; null where it does not. */
  trust: string | null,
  /** The file with the bearer token that it sends; left out where it sends none. */
  token?: string,
  /** Whether it is content: `ok`, `refused`, or `not-reached`. */
  verdict: "ok" | "refused" | "not-reached",
  /** The step that failed, in a word. */
  step: string | null,
  /** Go's text for it. */
  message: string | null,
  /**
   * The first line that the component prints by itself, `…` for what varies; null where it prints none, or where that was
   * not recorded.
   */
  log: string | null,
  /** Everything that it prints, as it was recorded; null where it was not. */
  printed: LogReport | null,
};

/** The server's side. */
export type ServerReport = {
  /** What it answers to the first request, where it speaks HTTP: 200, 401 or 403. */
  httpStatus: number | null,
  /** The file with what it shows. */
  cert: string | null,
  /** The file with its private key. */
  key: string | null,
  /** The file that it checks the other side with; null where it does not. */
  trust: string | null,
  /** The file with the bearer token that it sends; left out where it sends none. */
  token?: string,
  /** Whether it is content: `ok`, `refused`, or `not-reached`. */
  verdict: "ok" | "refused" | "not-reached",
  /** The step that failed, in a word. */
  step: string | null,
  /** Go's text for it. */
  message: string | null,
  /**
   * The first line that the component prints by itself, `…` for what varies; null where it prints none, or where that was
   * not recorded.
   */
  log: string | null,
  /** Everything that it prints, as it was recorded; null where it was not. */
  printed: LogReport | null,
};

/** Who a caller is taken for. */
export type IdentityReport = {
  /** The user. */
  user: string,
  /** The groups. */
  groups: Array<string>,
};

/** One step of a handshake. */
export type Step = {
  /** Who does it. */
  who: string,
  /** What is done. */
  what: string,
  /** How it ends. */
  outcome: StepOutcome,
  /** The things that are compared, each with what it is. */
  compared: Array<Compared>,
};

/** A thing that is compared. */
export type Compared = {
  /** Which thing. */
  name: string,
  /** What it is. */
  value: string,
};

/** What `renderSvg` draws. */
export type SvgOptions = {
  /** The view. */
  view: ViewId,
};

/** What the `<kube-pki>` element asks to have drawn. Internal: it may change with any version. */
export type DrawOptions = {
  /** The design, as links carry it. */
  link: string,
  /** The view that is open. */
  view: ViewId,
  /** What is selected, by its name in links; nothing where none is given. */
  selected?: string,
  /** What guides through it, by its name in links; nothing where none is given. */
  guide?: string,
};

/** What was drawn: elements as lines, for the element's builder. Internal: it may change with any version. */
export type Drawn = {
  /** The view; empty where the element draws it itself. */
  view: string,
  /** What is told about the selected thing. */
  sheet: string,
  /** The guide; empty for none. */
  guide: string,
};

/** A text read as a design. For the `<kube-pki>` element. */
export type ReadDesign = {
  /** The design as links carry it; null where it has errors. */
  link: string | null,
  /** What the text is, for people: `design file`, `kubeadm configuration (v1beta4)`. */
  kind: string,
  /** Everything there is to say about it. */
  findings: Array<Finding>,
};
