use super::Parser;
use crate::ast::{Alias, At, Clause, Count, Item, Order, Parameter, Query, Quote, Select, Source, is_reserved};
use crate::lexer::{Lexeme, LexemeKind, SYNTAX};
use crate::lint::clause_order;
use mynah_syntax::Diagnostic;

impl Parser<'_> {
    /// `SELECT … [UNION ALL SELECT …]…`
    pub(super) fn query(&mut self) -> Query {
        let start = self.here().start;
        let mut selects = vec![self.select()];
        while self.is_word("UNION") {
            self.silent = false;
            let union = self.here();
            self.position += 1;
            if !self.eat_word("ALL") {
                let message = "only `UNION ALL` can be run, not `UNION`, which leaves out double rows";
                let said = Diagnostic::error("aql/union-distinct", message, union);
                self.error(said.with_fix(union, "UNION ALL", "write `UNION ALL`"));
                self.silent = false;
            }
            // A branch may stand in parentheses of its own.
            let parenthesis =
                self.kind() == Some(LexemeKind::Open) && self.is_word_at(1, "SELECT") && self.eat(LexemeKind::Open);
            selects.push(self.select());
            if parenthesis {
                self.expect(LexemeKind::Close, ")");
            }
        }
        Query { selects, at: self.since(start) }
    }

    fn select(&mut self) -> Select {
        let keyword = self.here();
        let mut select = Select { keyword: At(keyword), ..Select::default() };
        if !self.expect_word("SELECT") {
            self.recover(Parser::is_clause);
        } else {
            let distinct = At(self.here());
            select.distinct = self.eat_word("DISTINCT").then_some(distinct);
            select.items = self.items();
        }
        if self.expect_word("FROM") {
            select.source = self.source();
        }
        self.clauses(&mut select);
        select.at = self.since(keyword.start);
        select
    }

    fn items(&mut self) -> Vec<Item> {
        let mut items = Vec::new();
        loop {
            if self.kind() == Some(LexemeKind::STAR) {
                items.push(Item::Star(At(self.here())));
                self.position += 1;
            } else {
                let expr = self.expr();
                let alias = self.alias();
                items.push(Item::Expr { expr, alias });
            }
            if self.silent {
                self.recover(|parser| parser.kind() == Some(LexemeKind::Comma) || parser.is_clause());
            }
            if !self.eat(LexemeKind::Comma) {
                return items;
            }
        }
    }

    /// `AS name`, `AS 'name'`, `AS "name"`, or the name alone.
    fn alias(&mut self) -> Option<Alias> {
        let with_as = self.eat_word("AS");
        let token = self.peek();
        let quote = match token.map(|token| token.kind) {
            Some(LexemeKind::Text | LexemeKind::CurlyText) => Some(Quote::Single),
            Some(LexemeKind::QuotedName | LexemeKind::CurlyName) => Some(Quote::Double),
            Some(LexemeKind::Word) if !self.is_reserved_here() => Some(Quote::None),
            _ => None,
        };
        let named = token.zip(quote);
        if named.is_none() && with_as {
            self.expected("a name after AS");
        }
        self.position += usize::from(named.is_some());
        named.map(|(token, quote)| Alias { name: token.value(self.text).into_owned(), quote, at: At(token.span) })
    }

    fn is_reserved_here(&self) -> bool {
        self.peek().is_some_and(|token| token.kind == LexemeKind::Word && is_reserved(token.span.of(self.text)))
    }

    fn source(&mut self) -> Source {
        let start = self.here();
        if self.eat(LexemeKind::Open) {
            let Some(query) = self.deeper(Self::query).map(Box::new) else { return Source::Error };
            if !self.expect(LexemeKind::Close, ")") {
                self.recover(|_| false);
                self.eat(LexemeKind::Close);
            }
            return Source::Query { query, alias: self.alias() };
        }
        match self.peek() {
            Some(token @ Lexeme { kind: LexemeKind::Word | LexemeKind::QuotedName, .. })
                if !self.is_reserved_here() =>
            {
                self.position += 1;
                if self.eat(LexemeKind::Open) {
                    let message =
                        format!("`{}` cannot be queried: it is kept by a QRadar server", token.value(self.text));
                    self.error(
                        Diagnostic::error("aql/table", message, token.span).with_help("logs are queried as `events`"),
                    );
                    self.recover(|_| false);
                    self.eat(LexemeKind::Close);
                    return Source::Error;
                }
                let joins = ["JOIN", "INNER", "LEFT"].iter().any(|word| self.is_word(word));
                if joins || self.kind() == Some(LexemeKind::Comma) {
                    let help = "look values up with REFERENCEMAP, or filter with `IN (SELECT …)`";
                    self.error(Diagnostic::error("aql/join", "AQL has no joins", self.here()).with_help(help));
                }
                Source::Table { name: token.value(self.text).into_owned(), alias: self.alias(), at: At(start) }
            }
            _ => {
                self.expected("`events` or a query in parentheses");
                Source::Error
            }
        }
    }

    /// Whether a clause begins here that can follow an expression.
    pub(super) fn is_clause(&self) -> bool {
        self.clause().is_some() || ["FROM", "UNION", "INTO", "SESSION"].iter().any(|word| self.is_word(word))
    }

    fn clause(&self) -> Option<Clause> {
        let token = self.peek().filter(|token| token.kind == LexemeKind::Word)?;
        Some(match token.span.of(self.text).to_ascii_uppercase().as_str() {
            "WHERE" => Clause::Where,
            "GROUP" => Clause::GroupBy,
            "HAVING" => Clause::Having,
            "ORDER" => Clause::OrderBy,
            "LIMIT" => Clause::Limit,
            "OFFSET" => Clause::Offset,
            "START" | "STOP" => Clause::Time,
            "LAST" if self.peek_at(1).is_none_or(|next| next.kind != LexemeKind::Open) => Clause::Time,
            "PARAMETERS" => Clause::Parameters,
            _ => return None,
        })
    }

    fn clauses(&mut self, select: &mut Select) {
        let mut seen: Vec<Clause> = Vec::new();
        loop {
            if self.silent {
                self.recover(Parser::is_clause);
            }
            let start = self.here();
            let Some(clause) = self.clause() else {
                if self.is_word("INTO") {
                    self.cursor();
                    continue;
                }
                if self.is_word("SESSION") || self.is_word("FROM") {
                    self.unsupported_clause();
                    continue;
                }
                if matches!(self.kind(), None | Some(LexemeKind::Close | LexemeKind::Semicolon))
                    || self.is_word("UNION")
                    || self.is_word("SELECT")
                {
                    return;
                }
                self.expected("a clause (WHERE, GROUP BY, HAVING, ORDER BY, LIMIT, LAST, START) or the end");
                continue;
            };
            let joins_time = clause == Clause::Time && self.is_word("STOP");
            if seen.contains(&clause) && !joins_time {
                self.error(Diagnostic::error(SYNTAX, format!("a second `{}`", clause.words()), start));
                self.silent = false;
            } else if let Some(before) = seen.iter().copied().find(|before| *before > clause) {
                self.warn(clause_order(start, clause, before));
            }
            seen.push(clause);
            if clause == Clause::Time {
                self.time_frame(&mut select.time);
                continue;
            }
            self.position += 1;
            if matches!(clause, Clause::GroupBy | Clause::OrderBy) && !self.expect_word("BY") {
                continue;
            }
            match clause {
                Clause::Where => select.filter = Some(self.expr()),
                Clause::GroupBy => select.group_by = self.list(Self::expr),
                Clause::Having => select.having = Some(self.expr()),
                Clause::OrderBy => select.order_by = self.list(Self::order),
                Clause::Limit => select.limit = self.count(),
                Clause::Offset => select.offset = self.count(),
                Clause::Parameters => select.parameters = self.list(Self::parameter).into_iter().flatten().collect(),
                Clause::Time => {}
            }
        }
    }

    /// `INTO name`: where a server keeps the result for later, which is no part of it.
    fn cursor(&mut self) {
        let start = self.here().start;
        self.position += 1;
        let is_name =
            |token: &Lexeme| matches!(token.kind, LexemeKind::Word | LexemeKind::QuotedName | LexemeKind::Text);
        if self.clause().is_some() || !self.peek().is_some_and(|token| is_name(&token)) {
            self.expected("the name of a cursor");
            return;
        }
        self.position += 1;
        let message = "the result is given and not kept: a cursor is something of a QRadar server";
        let at = self.since(start).0;
        self.warn(Diagnostic::info("aql/into", message, at));
    }

    fn unsupported_clause(&mut self) {
        let span = self.here();
        let word = span.of(self.text).to_ascii_uppercase();
        let diagnostic = match word.as_str() {
            "SESSION" => Diagnostic::error("aql/session", "`SESSION BY` cannot be run", span)
                .with_help("sessions of events are not supported"),
            _ => Diagnostic::error(SYNTAX, format!("a second `{word}`"), span),
        };
        self.silent = false;
        self.error(diagnostic);
        self.position += 1;
    }

    fn order(&mut self) -> Order {
        let expr = self.expr();
        let descending = self.eat_word("DESC");
        if !descending {
            self.eat_word("ASC");
        }
        if self.is_word("COLLATE") {
            let message = "`COLLATE` cannot be run: texts sort by their characters' code points";
            self.error(Diagnostic::error("aql/collate", message, self.here()).with_help("leave it out"));
        }
        Order { expr, descending }
    }

    fn count(&mut self) -> Option<Count> {
        let (number, span) = self.whole("a whole number")?;
        Some(Count { number, at: At(span) })
    }

    /// `NAME=value`
    fn parameter(&mut self) -> Option<Parameter> {
        let Some(name) = self.peek().filter(|token| token.kind == LexemeKind::Word) else {
            self.expected("the name of a parameter");
            return None;
        };
        self.position += 1;
        if !self.expect(LexemeKind::EQUAL, "=") {
            return None;
        }
        let value = self.atom();
        Some(Parameter { name: name.span.of(self.text).to_owned(), value, at: self.since(name.span.start) })
    }
}
