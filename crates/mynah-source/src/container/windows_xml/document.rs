pub(super) fn document(_xml: &str, _out: &mut String) -> Result<(), String> {
    Err("todo".into())
}
