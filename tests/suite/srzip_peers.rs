//! Session files in exchange with sigrok's own tools.
