use mynah_kernels::{Pattern, Piece};

/// One character of a value that is looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Glyph {
    /// This one.
    Char(char),
    /// Any number of any.
    Many,
    /// Exactly one, of any kind.
    One,
    /// One of those that begin an option of a Windows command.
    Dash,
}

/// What a [`Glyph::Dash`] can be.
pub(super) const DASHES: [char; 5] = ['-', '/', '\u{2013}', '\u{2014}', '\u{2015}'];

/// How many dashes a value may have that is still written out in all its forms; beyond, it is one regular expression.
const WRITTEN_OUT: usize = 2;

/// A text of a rule, its escapes read: a backslash before a wildcard or a backslash makes it plain.
pub(crate) fn glyphs(text: &str) -> Vec<Glyph> {
    let mut glyphs = Vec::new();
    let mut characters = text.chars().peekable();
    while let Some(c) = characters.next() {
        glyphs.push(match c {
            '*' => Glyph::Many,
            '?' => Glyph::One,
            '\\' => Glyph::Char(characters.next_if(|next| matches!(next, '*' | '?' | '\\')).unwrap_or('\\')),
            c => Glyph::Char(c),
        });
    }
    glyphs
}

/// The text of glyphs; none where there is a wildcard among them.
pub(super) fn plain(glyphs: &[Glyph]) -> Option<String> {
    glyphs.iter().map(|glyph| if let Glyph::Char(c) = glyph { Some(*c) } else { None }).collect()
}

/// The patterns that are this value; none where they are too many.
pub(super) fn patterns(glyphs: &[Glyph]) -> Option<Vec<Pattern>> {
    let dashes = glyphs.iter().filter(|glyph| **glyph == Glyph::Dash).count();
    if dashes > WRITTEN_OUT {
        return None;
    }
    let forms = DASHES.len().pow(dashes as u32);
    Some((0..forms).map(|form| pattern(glyphs, form)).collect())
}

/// One form: the digits of `form` say which dash stands where.
fn pattern(glyphs: &[Glyph], mut form: usize) -> Pattern {
    let mut pieces: Vec<Piece> = Vec::new();
    let literal = |pieces: &mut Vec<Piece>, c: char| match pieces.last_mut() {
        Some(Piece::Literal(text)) => text.push(c),
        _ => pieces.push(Piece::Literal(c.to_string())),
    };
    for glyph in glyphs {
        match glyph {
            Glyph::Char(c) => literal(&mut pieces, *c),
            Glyph::Dash => {
                let dash = DASHES.get(form % DASHES.len()).copied().unwrap_or('-');
                form /= DASHES.len();
                literal(&mut pieces, dash);
            }
            Glyph::Many if pieces.last() == Some(&Piece::Many) => {}
            Glyph::Many => pieces.push(Piece::Many),
            Glyph::One => pieces.push(Piece::One),
        }
    }
    Pattern(pieces)
}
