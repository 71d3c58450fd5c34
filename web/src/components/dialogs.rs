//! Dialogs: native ones, each with one confirming button.

use kubepki_core::check;
use kubepki_core::plan::Holding;
use kubepki_worker::Export;
use wasm_bindgen::JsCast;
use web_sys::HtmlDialogElement;
use yew::{Callback, Event, Html, InputEvent, Properties, function_component, html, use_effect_with, use_node_ref};

use super::{Dispatch, act, count, join};
use crate::browser;
use crate::state::{Action, AppState, Dialog, Issued};

/// Draws the dialog that is open.
pub(crate) fn dialog(state: &AppState, dispatch: &Dispatch) -> Html {
    let Some(open) = &state.dialog else { return Html::default() };
    let (title, body, confirm) = match open {
        Dialog::Keys => ("Keys", keys(), None),
        Dialog::MakeNew => ("Make a new PKI, with new CAs?", make_new(state), Some("Make a new PKI")),
        Dialog::Preset(_) => ("Start from a preset?", preset(), Some("Replace the design")),
        Dialog::Export(what) => ("Export", export(state, what, dispatch), Some("Download")),
        Dialog::Nodes => ("Paste a list of nodes", nodes(state, dispatch), Some("Take these nodes")),
        Dialog::Text(..) => ("Copy this text", Html::default(), None),
    };
    let body = match open {
        Dialog::Text(_, text) => html! {
            <><p>{ "The browser did not let the page copy. Copy it from here:" }</p>
            <textarea class="mono" rows="8" readonly={true} aria-label="Text to copy" value={text.clone()} /></>
        },
        _ => body,
    };
    let blank = *open == Dialog::Nodes && state.import.nodes.trim().is_empty();
    html! {
        <Frame {title} dispatch={dispatch.clone()}>
            { body }
            <p class="buttons end">
                <button type="button" data-testid="close" onclick={act(dispatch, Action::Close)}>{ if confirm.is_some() { "Not now" } else { "Close" } }</button>
                if let Some(text) = confirm {
                    <button type="button" class="filled" data-testid="confirm" disabled={blank} onclick={act(dispatch, Action::Confirm)}>{ text }</button>
                }
            </p>
        </Frame>
    }
}

#[derive(Properties, PartialEq)]
struct FrameProps {
    title: &'static str,
    dispatch: Dispatch,
    children: Html,
}

/// A modal dialog; the browser keeps the focus inside, and gives it back.
#[function_component]
fn Frame(props: &FrameProps) -> Html {
    let node = use_node_ref();
    let shown = node.clone();
    use_effect_with((), move |()| {
        let element = shown.cast::<HtmlDialogElement>();
        element.iter().for_each(browser::open_dialog);
        move || element.iter().for_each(browser::close_dialog)
    });
    let send = props.dispatch.clone();
    // Esc: the browser would close it behind our back.
    let oncancel = Callback::from(move |event: Event| {
        browser::prevent(&event);
        send.emit(Action::Close);
    });
    html! {
        <dialog ref={node} {oncancel} aria-labelledby="dialog-title">
            <h2 id="dialog-title">{ props.title }</h2>
            { props.children.clone() }
        </dialog>
    }
}

fn keys() -> Html {
    let rows = [
        ("/", "find anything"),
        ("← ↑ → ↓", "walk the picture: issuer, certificates, files, flags"),
        ("Enter", "select"),
        ("Esc", "clear the selection, close what is open"),
        ("Ctrl Z, Ctrl Shift Z", "undo, redo (Cmd on a Mac)"),
        ("?", "this list"),
    ];
    html! {
        <dl class="shortcuts">{ for rows.iter().map(|(keys, what)| html! { <div><dt><kbd>{ *keys }</kbd></dt><dd>{ *what }</dd></div> }) }</dl>
    }
}

/// What a new PKI would break.
fn make_new(state: &AppState) -> Html {
    let Some(issued) = state.issued() else { return Html::default() };
    let nodes: Vec<&str> = issued.plan.spec.nodes.iter().map(|node| node.name.as_str()).collect();
    let kubeconfigs = issued.plan.files.iter().filter(|file| file.content.holding == Holding::Kubeconfig);
    let mut names: Vec<&str> = kubeconfigs.filter_map(|file| file.path.rsplit('/').next()).collect();
    let all = names.len();
    names.sort_unstable();
    names.dedup();
    html! {
        <>
            <p>{ join(&["New CAs sign everything anew. Where the PKI of now is already installed, these would stop trusting each other until all are replaced: ",
                &few(&nodes), ", and ", &count(all, "kubeconfig"), " (", &few(&names), "). Tokens signed with the old sa.key are refused as well."]) }</p>
            { unexported(state) }
            <p>{ "Undo brings the old PKI back, for as long as this tab is open." }</p>
        </>
    }
}

fn preset() -> Html {
    html! {
        <p>{ "The PKI you made was never exported. It stays, marked as issued from an earlier design, and undo brings the design back; but it is gone when this tab is closed." }</p>
    }
}

fn unexported(state: &AppState) -> Html {
    if state.is_precious() {
        html! { <p class="warn"><b>{ "Its keys were never exported." }</b>{ " They exist in this tab alone." }</p> }
    } else {
        Html::default()
    }
}

/// The first few of a list, the rest counted.
fn few(all: &[&str]) -> String {
    let shown = all.iter().take(5).copied().collect::<Vec<_>>().join(", ");
    match all.len().saturating_sub(5) {
        0 => shown,
        more => join(&[&shown, " and ", &more.to_string(), " more"]),
    }
}

/// What an export holds, and what follows from that.
fn export(state: &AppState, what: &Export, dispatch: &Dispatch) -> Html {
    let Some(issued) = state.issued() else { return Html::default() };
    let keys = state.exported_ca_keys(what);
    let subject = match what {
        Export::File(_) => "This file",
        _ => "This zip",
    };
    html! {
        <>
            { choices(what, dispatch) }
            if keys.is_empty() {
                <p>{ "No CA private key is inside. It holds the private keys of the nodes' own certificates: keep it as you keep them." }</p>
            } else {
                <p class="warn"><b>{ join(&[subject, " can make any identity: "]) }</b><code>{ keys.join(", ") }</code>
                    { ". Whoever reads it can be any user, node or administrator of this cluster. Carry it on a medium you trust and delete it where it is not needed." }</p>
            }
            { content(issued, what) }
            { verify(issued, what) }
        </>
    }
}

/// The whole zip, or one of its halves.
fn choices(what: &Export, dispatch: &Dispatch) -> Html {
    let rows = [
        (Export::Zip, "zip", "Everything", "all nodes, scripts, inventory, CA keys"),
        (
            Export::ZipWithoutCaKeys,
            "zip-without-ca-keys",
            "Nodes without CA keys",
            "all nodes, but no key that can sign",
        ),
        (Export::CaKeys, "ca-keys", "The CA keys apart", "to be kept offline"),
    ];
    if !rows.iter().any(|(one, ..)| one == what) {
        return Html::default();
    }
    html! {
        <div class="choices" role="radiogroup" aria-label="What to export">
            { for rows.into_iter().map(|(one, id, title, about)| html! {
                <label>
                    <input type="radio" name="export" data-testid={join(&["export-", id, "-choice"])} checked={one == *what}
                        onclick={act(dispatch, Action::Show(Dialog::Export(one)))} />
                    <span><b>{ title }</b>{ about }</span>
                </label>
            }) }
        </div>
    }
}

/// How much there is, and how it is used.
fn content(issued: &Issued, what: &Export) -> Html {
    let spec = &issued.plan.spec;
    let text = match what {
        Export::Zip | Export::ZipWithoutCaKeys => join(&[
            "On each node: unpack, then ",
            "sh install.sh",
            ". It takes what belongs to that node, backs up what it replaces, and says what to restart.",
        ]),
        Export::Node(name) => join(&["What ", name, " gets, as its own file system would have it."]),
        Export::CaKeys => {
            join(&["The private keys of ", &count(issued.plan.ca_count(), "CA"), " of ", &spec.cluster_name, "."])
        }
        Export::File(_) => return Html::default(),
    };
    html! { <p>{ text }</p> }
}

/// The lines that verify.sh will print.
fn verify(issued: &Issued, what: &Export) -> Html {
    let node = match what {
        Export::Zip | Export::ZipWithoutCaKeys => None,
        Export::Node(name) => match issued.plan.spec.nodes.iter().position(|node| node.name == *name) {
            Some(index) => Some(index),
            None => return Html::default(),
        },
        Export::CaKeys | Export::File(_) => return Html::default(),
    };
    let lines = check::connections(&issued.plan, node);
    if lines.is_empty() {
        return Html::default();
    }
    let text = lines.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n");
    html! {
        <>
            <p class="caps" id="verify-title">{ "sh verify.sh will check" }</p>
            <pre tabindex="0" aria-labelledby="verify-title">{ text }</pre>
        </>
    }
}

fn nodes(state: &AppState, dispatch: &Dispatch) -> Html {
    let send = dispatch.clone();
    let oninput = Callback::from(move |event: InputEvent| {
        let text = event.target().map(|target| target.unchecked_into::<web_sys::HtmlTextAreaElement>().value());
        send.emit(Action::TypeNodes(text.unwrap_or_default()));
    });
    html! {
        <>
            <p id="nodes-help">{ "One node a line: " }<code>{ "name address [role]" }</code>{ "; or CSV; or what " }<code>{ "kubectl get nodes -o json" }</code>{ " prints. They replace the nodes of the design; undo brings those back." }</p>
            <textarea class="mono" rows="9" maxlength="4194304" data-testid="node-paste-text" aria-label="List of nodes" aria-describedby="nodes-help" spellcheck="false"
                placeholder={"cp-1 10.0.0.11 control-plane\nw-1 10.0.0.21 worker"} value={state.import.nodes.clone()} {oninput} />
        </>
    }
}
