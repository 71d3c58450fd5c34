//! What a cluster is asked, by the names that `scenarios.toml` uses.

mod aggregated;
mod identities;
mod joining;
mod kubelets;
mod metrics;
mod names;
mod pages;
mod peers;
mod people;
mod renewal;
mod rights;
mod rotation;
mod running;
mod standing;
mod tokens;
mod upgrade;
mod webhooks;

use std::process::Command;

use serde_json::Value;
use support::program::run;
use support::tool;

use crate::stage::Stage;

/// A name and what is asked under it; it panics when the answer is not as it should be.
type Ask = (&'static str, fn(&Stage));

/// All that can be asked.
pub(crate) static ASKS: &[Ask] = &[
    ("nodes join with kubeconfigs made elsewhere", joining::nodes_join_with_kubeconfigs_made_elsewhere),
    ("api servers are ready", standing::api_servers_are_ready),
    ("nodes are there", standing::nodes_are_there),
    ("etcd is whole", standing::etcd_is_whole),
    ("everyone is who we say", identities::everyone_is_who_we_say),
    ("everyone may what we say", identities::everyone_may_what_we_say),
    ("bindings are those we name", identities::bindings_are_those_we_name),
    ("rights are those we say", rights::rights_are_those_we_say),
    ("logs and exec work", kubelets::logs_and_exec_work),
    ("kubelets renew", rotation::kubelets_renew),
    ("components run as planned", running::components_run_as_planned),
    ("the benchmark holds", running::the_benchmark_holds),
    ("components tell how they run", pages::components_tell_how_they_run),
    ("pods call the api server", tokens::pods_call_the_api_server),
    ("services have names", names::services_have_names),
    ("a new key ends old tokens", tokens::a_new_key_ends_old_tokens),
    ("the front proxy is believed", aggregated::the_front_proxy_is_believed),
    ("kubectl top is served", metrics::kubectl_top_is_served),
    ("servers hand on to each other", peers::servers_hand_on_to_each_other),
    ("a webhook is believed by its bundle", webhooks::a_webhook_is_believed_by_its_bundle),
    ("kubeadm renews", renewal::kubeadm_renews_on_the_running_cluster),
    ("an upgrade to the same changes little", upgrade::an_upgrade_to_the_same_changes_little),
    ("an upgrade renews with the manifest", upgrade::an_upgrade_renews_with_the_manifest),
    ("kubeadm makes requests and kubeconfigs", renewal::kubeadm_makes_requests_and_kubeconfigs),
    ("kubeadm resets", renewal::kubeadm_resets),
    ("a person gets in", people::a_person_gets_in),
    ("too short is refused", people::too_short_is_refused),
    ("a wrong signer does not sign", people::a_wrong_signer_does_not_sign),
];

/// What is asked under a name.
pub(crate) fn find(name: &str) -> Option<&'static Ask> {
    ASKS.iter().find(|ask| ask.0 == name)
}

/// What `kubepki explain` says of a line, as JSON.
fn explained(line: &str) -> String {
    run(Command::new(tool::kubepki()).args(["explain", "--format", "json", line]), 30).good()
}

/// The connections that it says the line can be about.
fn connections_of(line: &str) -> Vec<String> {
    let said = explained(line);
    let said: Value = serde_json::from_str(&said).unwrap_or_else(|error| panic!("{error}: {said}"));
    let arose = said.as_array().into_iter().flatten().flat_map(|one| one["arose"].as_array().into_iter().flatten());
    let mut found: Vec<String> = arose.filter_map(|one| one["connection"].as_str()).map(str::to_owned).collect();
    found.dedup();
    found
}
