//! Nothing gets past it: damage, malice, and a world that fails.

mod alike;
mod archives;
mod commands;
mod good;
mod limits;
mod matrix;
mod mutations;
mod names;
mod repair;
mod table;
mod world;
