#[test]
fn evtx() {
    for f in std::fs::read_dir("../../../shared/corpora/sigma-regression").unwrap() {
        let p = f.unwrap().path().join("events.evtx");
        let mut r = mynah_source::Reader::open(&mynah_source::InputFile::new(&p).unwrap()).unwrap();
        while let Some(c) = r.next_chunk().unwrap() {
            for x in &c.records { println!("{}", c.document(x)); }
        }
        assert_eq!(r.problem_count(), 0);
    }
}
