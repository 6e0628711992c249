//! A search in what is in order and is no slice.

/// How many of so many places, from the first on, are so; behind the first that is not, none is.
pub(crate) fn partition_point(count: usize, mut is_so: impl FnMut(usize) -> bool) -> usize {
    let (mut from, mut to) = (0, count);
    while from < to {
        let middle = from + (to - from) / 2;
        if is_so(middle) {
            from = middle + 1;
        } else {
            to = middle;
        }
    }
    from
}
