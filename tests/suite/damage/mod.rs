//! Nothing gets past it: damage, malice, and a world that fails.

mod alike;
mod archives;
mod good;
mod limits;
mod matrix;
mod mutations;
mod names;
mod repair;
mod table;
mod world;
