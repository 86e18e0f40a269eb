//! Small things done to rows of numbers.

use super::conv::Totals;

/// Adds `what` to `to`, number by number.
pub(super) fn add(to: &mut [f32], what: &[f32]) {
    for (to, what) in to.iter_mut().zip(what) {
        *to += what;
    }
}

/// Turns rows of `columns` values into columns.
pub(super) fn transpose(from: &[f32], columns: usize, to: &mut [f32]) {
    /// Side of a tile that stays in the first cache.
    const TILE: usize = 16;
    let rows = from.len() / columns;
    for first_row in (0..rows).step_by(TILE) {
        for first_column in (0..columns).step_by(TILE) {
            let width = TILE.min(columns - first_column);
            for row in first_row..rows.min(first_row + TILE) {
                let from = &from[row * columns + first_column..][..width];
                let to = to[first_column * rows + row..].iter_mut().step_by(rows);
                for (to, &value) in to.zip(from) {
                    *to = value;
                }
            }
        }
    }
}

/// The totals of rows of `channels` values.
pub(super) fn totals(rows: &[f32], channels: usize) -> Totals {
    /// Rows that are summed up in 32 bits.
    const BLOCK: usize = 256;
    let mut totals = Totals::new(channels);
    let (mut sums, mut squares) = (vec![0f32; channels], vec![0f32; channels]);
    for block in rows.chunks(BLOCK * channels) {
        sums.fill(0.0);
        squares.fill(0.0);
        for row in block.chunks_exact(channels) {
            for ((&value, sum), square) in row.iter().zip(&mut sums).zip(&mut squares) {
                *sum += value;
                *square += value * value;
            }
        }
        for channel in 0..channels {
            totals.sums[channel] += f64::from(sums[channel]);
            totals.squares[channel] += f64::from(squares[channel]);
        }
    }
    totals
}
