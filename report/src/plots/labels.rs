//! Names beside their curves: each label takes a free place near its own curve, with a leader where that is far.
//!
//! Every place on a grid has a cost that depends on the curves alone. Labels then choose in turn, the cheapest place that
//! is still free; several orders of turns are tried and the cheapest arrangement wins.

use super::canvas::Area;

/// Points of all curves, in logical pixels, a few pixels apart.
pub(super) type Cloud = Vec<(f64, f64)>;

/// Steps of the grid.
const STEP: f64 = 8.0;
/// A label that costs this much is worse than a key; so is one that covers a curve.
const TANGLED: f64 = 220.0;

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
        let steps = ((to.0 - from.0).hypot(to.1 - from.1) / 5.0).ceil().clamp(1.0, 2000.0);
        points.extend((1..=steps as u32).map(|i| {
            let share = f64::from(i) / steps;
            (from.0 + share * (to.0 - from.0), from.1 + share * (to.1 - from.1))
        }));
    }
    points
}

/// A label: its curve and its size.
pub(super) struct Label<'a> {
    pub(super) cloud: &'a Cloud,
    pub(super) size: (f64, f64),
}

/// Places for all labels in a panel, unless they would be tangled; `taken` is where nothing may stand.
pub(super) fn arrange(panel: Area, labels: &[Label], taken: &[Area]) -> Option<Vec<Place>> {
    let candidates: Vec<Vec<(f64, Place)>> =
        (0..labels.len()).map(|own| candidates(panel, labels, own, taken)).collect();
    let take_turns = |first: usize| {
        let mut places: Vec<Option<(f64, Place)>> = vec![None; labels.len()];
        for own in (first..labels.len()).chain(0..first) {
            let free = |place: &Place| places.iter().flatten().all(|(_, other)| !collide(place, other));
            places[own] = candidates[own].iter().find(|(_, place)| free(place)).copied();
        }
        let places: Vec<(f64, Place)> = places.into_iter().collect::<Option<_>>()?;
        Some((places.iter().map(|p| p.0).sum::<f64>(), places.into_iter().map(|p| p.1).collect()))
    };
    (0..labels.len()).filter_map(take_turns).min_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, places)| places)
}

/// The place of this size that is farthest from all curves, if there is one that covers none.
pub(super) fn clearing(panel: Area, size: (f64, f64), clouds: &[&Cloud], taken: &[Area]) -> Option<Area> {
    let room = |area: &Area| clouds.iter().map(|cloud| nearest(cloud, *area).1).fold(40.0, f64::min);
    let free = |area: &Area| !taken.iter().any(|other| area.grown(6.0).meets(*other));
    let rooms = grid(panel, size).filter(free).map(|area| (room(&area), area)).filter(|(room, _)| *room > 6.0);
    rooms.max_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, area)| area)
}

/// Every place of this size on the grid.
fn grid(panel: Area, (width, height): (f64, f64)) -> impl Iterator<Item = Area> {
    let steps = |room: f64| (0..=(room.max(-1.0) / STEP).floor() as i64).map(|i| i as f64 * STEP);
    let columns = move || steps(panel.right - panel.left - width);
    steps(panel.bottom - panel.top - height).flat_map(move |dy| columns().map(move |dx| (dx, dy))).map(
        move |(dx, dy)| {
            let (left, top) = (panel.left + dx, panel.top + dy);
            Area { left, top, right: left + width, bottom: top + height }
        },
    )
}

/// Places for one label, the cheapest first: near its own curve, off and away from the others.
fn candidates(panel: Area, labels: &[Label], own: usize, taken: &[Area]) -> Vec<(f64, Place)> {
    let others = || labels.iter().enumerate().filter(|(i, _)| *i != own).map(|(_, label)| label.cloud);
    let whole = labels[own].cloud;
    let mine = alone(whole, others);
    let mut places = vec![];
    for area in grid(panel, labels[own].size) {
        if taken.iter().any(|other| area.grown(3.0).meets(*other)) {
            continue;
        }
        let (near, distance) = nearest(&mine, area);
        let leader = (distance > 12.0).then_some(near);
        let mut cost = distance;
        for cloud in others().chain([whole]) {
            if cost >= TANGLED {
                break;
            }
            let (_, other) = nearest(cloud, area);
            let is_own = std::ptr::eq(cloud, whole);
            cost += if other < if is_own { 4.0 } else { 3.0 } { TANGLED } else { 0.0 };
            if !is_own {
                cost += (14.0 - other).max(0.0) * 2.0 + (distance + 6.0 - other).max(0.0);
                cost += leader.map_or(0.0, |to| if crosses(cloud, start(area, to), to) { 40.0 } else { 0.0 });
            }
        }
        if cost < TANGLED {
            places.push((cost, Place { area, leader }));
        }
    }
    places.sort_by(|a, b| a.0.total_cmp(&b.0));
    places
}

/// The points of a curve where it runs alone, or most nearly so.
fn alone<'a, I: Iterator<Item = &'a Cloud>>(whole: &Cloud, others: impl Fn() -> I) -> Cloud {
    let apart = |p: &(f64, f64)| others().flatten().map(|q| (p.0 - q.0).hypot(p.1 - q.1)).fold(10.0, f64::min);
    let distances: Vec<f64> = whole.iter().map(apart).collect();
    let mut sorted = distances.clone();
    sorted.sort_by(f64::total_cmp);
    let enough = sorted.get(sorted.len() * 4 / 5).copied().unwrap_or(0.0);
    whole.iter().zip(distances).filter(|(_, distance)| *distance >= enough).map(|(point, _)| *point).collect()
}

/// Whether two labels or their leaders are in each other's way.
fn collide(a: &Place, b: &Place) -> bool {
    let strikes = |a: &Place, b: &Place| a.leader.is_some_and(|to| through(b.area.grown(3.0), start(a.area, to), to));
    a.area.grown(3.0).meets(b.area) || strikes(a, b) || strikes(b, a)
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
