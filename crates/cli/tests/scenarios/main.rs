//! The command as people use it: what it prints, how it ends, and what is on the disk afterwards.

mod audit;
mod bundles;
mod clock;
mod generate;
mod interrupted;
mod progress;
mod reading;
mod rehearsal;
mod scene;
mod terminal;
mod views;
