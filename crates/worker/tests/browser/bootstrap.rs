//! How a worker's script tells that the worker is lost.

use crate::support::{object, property, response};
use js_sys::{Array, Function, WebAssembly};
use kubepki_worker::{BOOTSTRAP, Response};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_test::wasm_bindgen_test;

/// A module whose one function `f` is a single `unreachable`: what is left of a panic where it stops at once.
const TRAP: &[u8] = b"\0asm\x01\0\0\0\x01\x04\x01\x60\0\0\x03\x02\x01\0\x07\x05\x01\x01f\0\0\x0a\x05\x01\x03\0\0\x0b";

fn trapped() -> JsValue {
    let module = WebAssembly::Module::new(&js_sys::Uint8Array::from(TRAP)).expect("a module");
    let instance = WebAssembly::Instance::new(&module, &js_sys::Object::new()).expect("an instance");
    let trap: Function = property(&instance.exports(), "f").unchecked_into();
    trap.call0(&JsValue::NULL).expect_err("it traps")
}

#[wasm_bindgen_test]
fn a_trap_is_told_to_whoever_started_the_worker() {
    let (handlers, said) = (Array::new(), Array::new());
    let call =
        |body: &str, to: &Array| Function::new_with_args("to", body).call1(&JsValue::NULL, to).expect("a function");
    let scope = object(&[
        ("addEventListener", call("return (name, handler) => to.push([name, handler])", &handlers)),
        ("postMessage", call("return (message) => to.push(message)", &said)),
        ("location", object(&[("href", "blob:worker".into())])),
    ]);
    let start = Function::new_with_args("self, wasm_bindgen", BOOTSTRAP);
    start.call2(&JsValue::NULL, &scope, &Function::new_no_args("")).expect("a script that runs");
    let heard = handlers.iter().map(JsCast::unchecked_into::<Array>).find(|one| one.get(0) == "error");
    let hear: Function = heard.expect("it listens to errors").get(1).unchecked_into();
    let event = object(&[("error", trapped()), ("preventDefault", Function::new_no_args("").into())]);
    hear.call1(&JsValue::NULL, &event).expect("it hears");
    assert_eq!(said.length(), 1);
    let message = "The worker stopped, perhaps for want of memory (RuntimeError). What it held is gone.".to_owned();
    assert_eq!(response(said.get(0)), Response::Failed { pki: None, message });
}
