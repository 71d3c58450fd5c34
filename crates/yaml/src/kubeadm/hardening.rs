//! TLS versions and cipher suites: kubeadm has them per component, a design for all at once.

use kubepki_core::diag::Diagnostic;
use kubepki_core::spec::{Draft, Field};

use super::import::Import;
use super::suites::is_other;
use super::tls::{Hardening, Said};

impl Hardening {
    /// Says what no design keeps, because it protects nobody or says nothing.
    fn weak(&self, import: &mut Import) {
        if let Some(one) = self.versions.first().filter(|one| is_broken(&one.value)) {
            let message = format!("{} is below TLS 1.2 and is left out", one.value);
            let hint = "TLS 1.0 and 1.1 are broken; without the setting TLS 1.2 is the lowest";
            import.say(&one.place, Diagnostic::warning("hardening-weak", "", message).with_hint(hint));
        }
        let Some(one) = self.suites.first() else { return };
        let others: Vec<&str> = one.value.iter().map(String::as_str).filter(|suite| is_other(suite)).collect();
        if !others.is_empty() {
            let message = format!("{} cannot be kept", others.join(", "));
            let hint = "suites of TLS 1.3 are always on, the others are weak; a design names neither";
            import.say(&one.place, Diagnostic::warning("hardening-weak", "", message).with_hint(hint));
        }
    }

    /// Puts what all components say into the draft, and what could not be kept into the findings and the list of what is
    /// left to the user's own file: what one component alone says is not said of the others.
    pub(super) fn apply(self, draft: &mut Draft, import: &mut Import, components: &[&str]) {
        self.weak(import);
        if let Some(first) = one_for_all(&self.versions, "tls-min-version", import, components)
            && !is_broken(&first.value)
        {
            draft.set_text(Field::TlsMinVersion, &first.value);
            import.places.put(Field::TlsMinVersion.row().path, first.place.clone());
        }
        // With TLS 1.3 as its lowest version etcd does not start with a list, so that it can have none.
        let only_newest = draft.text(Field::TlsMinVersion) == "VersionTLS13";
        let listing: Vec<&str> =
            components.iter().copied().filter(|component| *component != "etcd" || !only_newest).collect();
        if let Some(first) = one_for_all(&self.suites, "tls-cipher-suites", import, &listing) {
            let kept: Vec<String> = first.value.iter().filter(|suite| !is_other(suite)).cloned().collect();
            for index in 0..=kept.len() {
                let path = Field::CipherSuites.row().path;
                let path = if index == kept.len() { path.to_owned() } else { format!("{path}.{index}") };
                import.places.put(path, first.place.clone());
            }
            draft.set_list(Field::CipherSuites, kept);
        }
        let version = draft.text(Field::TlsMinVersion).to_owned();
        for one in self.versions.iter().filter(|one| one.value != version) {
            one.leave(import, ["tlsMinVersion", "--tls-min-version", "--tls-min-version"]);
        }
        let suites = draft.list(Field::CipherSuites).to_vec();
        for one in self.suites.iter().filter(|one| one.value != suites) {
            one.leave(import, ["tlsCipherSuites", "--tls-cipher-suites", "--cipher-suites"]);
        }
    }
}

/// Whether a TLS version is one that nobody should speak any more.
fn is_broken(version: &str) -> bool {
    matches!(version, "VersionTLS10" | "VersionTLS11")
}

impl<T> Said<T> {
    /// Leaves it to the user's own file, by its name as a field of the kubelet's, as a flag, and as a flag of etcd.
    fn leave(&self, import: &mut Import, [field, flag, of_etcd]: [&str; 3]) {
        let (component, name) = match self.component {
            "the kubelet" => ("kubelet", field),
            "etcd" => ("etcd", of_etcd),
            component => (component, flag),
        };
        import.leave_at(component, name, self.place.clone());
    }
}

/// What is said first, where each of the components says something; a finding when one says something else, or nothing.
fn one_for_all<'a, T: PartialEq>(
    said: &'a [Said<T>],
    flag: &str,
    import: &mut Import,
    components: &[&str],
) -> Option<&'a Said<T>> {
    let first = said.first()?;
    let silent: Vec<&str> =
        components.iter().copied().filter(|component| said.iter().all(|one| one.component != *component)).collect();
    if !silent.is_empty() {
        let message = format!(
            "a design sets {flag} for all components, and your file says nothing of it for {}",
            silent.join(", ")
        );
        let hint = "it is left to your own file; set it for each of them, the kubelet in a KubeletConfiguration, and the design takes it";
        import.say(&first.place, Diagnostic::notice("hardening-for-all", "", message).with_hint(hint));
        return None;
    }
    if let Some(other) = said.iter().find(|one| one.value != first.value) {
        let message = format!(
            "{} and {} differ in {flag}; the design takes that of {}",
            first.component, other.component, first.component
        );
        let hint = "a design has one setting for all components";
        import.say(&other.place, Diagnostic::warning("hardening-differs", "", message).with_hint(hint));
    }
    Some(first)
}
