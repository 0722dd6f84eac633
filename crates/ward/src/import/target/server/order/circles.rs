//! The circles of a graph, after Tarjan ("Depth-first search and linear graph algorithms", 1972).

#[cfg(test)]
mod tests;

/// The nodes in circles, each circle after all that can be reached from it; a node that is in none is one by itself. `edges` has for each node where
/// its edges lead.
pub fn find(edges: &[Vec<usize>]) -> Vec<Vec<usize>> {
    let size = edges.len();
    let mut walk =
        Walk { circles: Vec::new(), met: vec![0; size], earliest: vec![0; size], is_open: vec![false; size], open: Vec::new(), count: 0 };
    for start in 0..size {
        if walk.met[start] == 0 {
            walk.from(start, edges);
        }
    }
    walk.circles
}

struct Walk {
    circles: Vec<Vec<usize>>,
    /// When each node was met, from 1; 0 for those that were not.
    met: Vec<usize>,
    /// When the earliest open one was met that can be reached from each.
    earliest: Vec<usize>,
    /// Whether a node was met and its circle is not closed yet.
    is_open: Vec<bool>,
    /// Those, in the order in which they were met.
    open: Vec<usize>,
    count: usize,
}

impl Walk {
    /// It keeps a stack of its own, as a chain of references may be as long as an import.
    fn from(&mut self, start: usize, edges: &[Vec<usize>]) {
        self.meet(start);
        let mut way = vec![(start, 0)];
        while let Some((node, next)) = way.last_mut() {
            let node = *node;
            if let Some(&other) = edges[node].get(*next) {
                *next += 1;
                if self.met[other] == 0 {
                    self.meet(other);
                    way.push((other, 0));
                } else if self.is_open[other] {
                    self.earliest[node] = self.earliest[node].min(self.met[other]);
                }
                continue;
            }
            way.pop();
            if let Some(&(before, _)) = way.last() {
                self.earliest[before] = self.earliest[before].min(self.earliest[node]);
            }
            if self.earliest[node] == self.met[node] {
                self.close(node);
            }
        }
    }

    fn meet(&mut self, node: usize) {
        self.count += 1;
        self.met[node] = self.count;
        self.earliest[node] = self.count;
        self.is_open[node] = true;
        self.open.push(node);
    }

    /// All that was met since `node`, and is open still, is one circle.
    fn close(&mut self, node: usize) {
        let mut circle = Vec::new();
        while let Some(member) = self.open.pop() {
            self.is_open[member] = false;
            circle.push(member);
            if member == node {
                break;
            }
        }
        circle.reverse();
        self.circles.push(circle);
    }
}
