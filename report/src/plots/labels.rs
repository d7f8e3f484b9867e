//! Names beside their curves: each label takes the free place nearest to its own curve, with a leader where that is far.

use super::canvas::Area;

/// Points of all curves, in logical pixels, a few pixels apart.
pub(super) type Cloud = Vec<(f64, f64)>;

/// Steps of the search.
const STEP: f64 = 6.0;

/// A place and where its leader meets the curve, if it needs one.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    pub(super) area: Area,
    pub(super) leader: Option<(f64, f64)>,
}

/// A line as points a few pixels apart.
pub(super) fn cloud(line: &[(f64, f64)]) -> Cloud {
    let mut points: Cloud = line.first().copied().into_iter().collect();
    for pair in line.windows(2) {
        let (from, to) = (pair[0], pair[1]);
        let steps = ((to.0 - from.0).hypot(to.1 - from.1) / 4.0).ceil().clamp(1.0, 2000.0);
        points.extend((1..=steps as u32).map(|i| {
            let share = f64::from(i) / steps;
            (from.0 + share * (to.0 - from.0), from.1 + share * (to.1 - from.1))
        }));
    }
    points
}

/// The best place for a label of this size in the panel; `taken` is where nothing may stand.
///
/// The cost of a place is its distance to its own curve, plus a penalty for every point of a curve that it covers, that
/// its leader crosses, or that is nearer to it than its own.
pub(super) fn place(
    panel: Area,
    (width, height): (f64, f64),
    clouds: &[&Cloud],
    own: usize,
    taken: &[Area],
) -> Option<Place> {
    let whole = *clouds.get(own).filter(|cloud| !cloud.is_empty())?;
    // A name belongs where its curve runs alone; a curve that never does is named anywhere along it.
    let others = || clouds.iter().enumerate().filter(|(i, _)| *i != own).map(|(_, cloud)| *cloud);
    let is_alone = |p: &&(f64, f64)| others().flatten().all(|q| (p.0 - q.0).hypot(p.1 - q.1) > 10.0);
    let alone: Cloud = whole.iter().filter(is_alone).copied().collect();
    let mine = if alone.len() < 4 { whole } else { &alone };
    let steps = |room: f64| (0..=(room.max(-1.0) / STEP).floor() as i64).map(|i| i as f64 * STEP);
    let mut best: Option<(f64, Place)> = None;
    for dy in steps(panel.bottom - panel.top - height) {
        for dx in steps(panel.right - panel.left - width) {
            let (left, top) = (panel.left + dx, panel.top + dy);
            let area = Area { left, top, right: left + width, bottom: top + height };
            if taken.iter().any(|other| area.grown(3.0).meets(*other)) {
                continue;
            }
            let least = best.map_or(f64::INFINITY, |(cost, _)| cost);
            let (near, distance) = nearest(mine, area);
            // Too far or too near to be better than what was found.
            if distance >= least {
                continue;
            }
            let covers_itself = distance < 4.0 || nearest(whole, area).1 < 4.0;
            let mut cost = distance + if covers_itself { 400.0 } else { 0.0 };
            let leader = (distance > 12.0).then_some(near);
            // A leader may not run through other labels.
            let strikes = |to| taken.iter().any(|other| through(other.grown(2.0), start(area, to), to));
            cost += if leader.is_some_and(strikes) { 400.0 } else { 0.0 };
            for cloud in others() {
                let (_, other) = nearest(cloud, area);
                cost +=
                    if other < 3.0 { 400.0 } else { (14.0 - other).max(0.0) * 2.0 + (distance + 6.0 - other).max(0.0) };
                cost += leader.map_or(0.0, |to| if crosses(cloud, start(area, to), to) { 25.0 } else { 0.0 });
                if cost >= least {
                    break;
                }
            }
            if cost < least {
                best = Some((cost, Place { area, leader }));
            }
        }
    }
    best.map(|(_, place)| place)
}

/// Where a leader leaves its label.
pub(super) fn start(area: Area, (x, y): (f64, f64)) -> (f64, f64) {
    (x.clamp(area.left, area.right), y.clamp(area.top, area.bottom))
}

/// Whether a leader runs through an area.
fn through(area: Area, from: (f64, f64), to: (f64, f64)) -> bool {
    cloud(&[from, to]).into_iter().any(|point| area.distance(point) <= 0.0)
}

fn nearest(cloud: &[(f64, f64)], area: Area) -> ((f64, f64), f64) {
    let mut best = ((0.0, 0.0), f64::INFINITY);
    for point in cloud {
        let distance = area.distance(*point);
        if distance < best.1 {
            best = (*point, distance);
        }
    }
    best
}

/// Whether a cloud has a point beside a leader, its last pixels apart.
fn crosses(cloud: &[(f64, f64)], from: (f64, f64), to: (f64, f64)) -> bool {
    let length = (to.0 - from.0).hypot(to.1 - from.1).max(1.0);
    let along = ((to.0 - from.0) / length, (to.1 - from.1) / length);
    cloud.iter().any(|point| {
        let (dx, dy) = (point.0 - from.0, point.1 - from.1);
        let on = dx * along.0 + dy * along.1;
        (0.0..length - 5.0).contains(&on) && (dx * along.1 - dy * along.0).abs() < 2.5
    })
}
