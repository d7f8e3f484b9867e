//! What users rely on, across rooms.

mod architecture;
