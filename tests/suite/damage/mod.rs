//! Nothing gets past it: damage, malice, and a world that fails.

mod alike;
pub(crate) mod archives;
mod commands;
mod good;
mod limits;
mod matrix;
pub(crate) mod mutations;
mod names;
mod repair;
mod table;
mod world;
