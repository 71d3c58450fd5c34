//! What the judges share: designs and their plans, exports made by the `kubepki` command, the programs that judge
//! them, scratch folders, golden files and the table of known differences.
//!
//! Everything here panics with a sentence when something is missing or wrong: a test that could not run has failed.

pub mod clock;
pub mod cluster;
pub mod design;
pub mod difference;
pub mod export;
pub mod go;
pub mod golden;
pub mod judged;
pub mod kubeconfig;
pub mod manifest;
pub mod openssl;
pub mod pathological;
pub mod plan_text;
pub mod ports;
pub mod program;
pub mod programs;
pub mod runbook;
pub mod scratch;
pub mod stage;
pub mod tool;
pub mod types;
