/// Skips the rest of something JSON whose beginning is no longer at hand.
#[derive(Debug, Clone)]
pub(super) struct Discard {
    pub depth: usize,
    pub in_string: bool,
    pub escaped: bool,
}

impl Discard {
    /// Goes on at `at`; the index behind the end if that is in the text.
    pub fn run(&mut self, text: &[u8], at: usize) -> Option<usize> {
        for (i, byte) in text.iter().enumerate().skip(at) {
            if self.in_string {
                match byte {
                    _ if self.escaped => self.escaped = false,
                    b'\\' => self.escaped = true,
                    b'"' => self.in_string = false,
                    _ => {}
                }
                continue;
            }
            match byte {
                b'"' => self.in_string = true,
                b'{' | b'[' => self.depth += 1,
                b'}' | b']' => {
                    self.depth = self.depth.saturating_sub(1);
                    if self.depth == 0 {
                        return Some(i + 1);
                    }
                }
                _ => {}
            }
        }
        None
    }
}
