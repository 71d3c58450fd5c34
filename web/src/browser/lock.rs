//! The lock: once everything is fetched, nothing more can be.

use wasm_bindgen::JsCast;
use web_sys::HtmlMetaElement;

use super::document;

/// The second policy, added beside the page's own: both hold. Not even the page's own origin is in reach any more.
const POLICY: &str = "default-src 'none'; script-src blob: 'wasm-unsafe-eval'; img-src data: blob:; worker-src blob:; \
                      style-src 'none'; connect-src 'none'";

/// Locks the network, for this page and for every worker started afterwards. There is no way back.
pub(super) fn lock() -> bool {
    let page = document();
    let (Ok(meta), Some(head)) = (page.create_element("meta"), page.head()) else { return false };
    let meta: HtmlMetaElement = meta.unchecked_into();
    meta.set_http_equiv("Content-Security-Policy");
    meta.set_content(POLICY);
    head.append_child(&meta).is_ok()
}
