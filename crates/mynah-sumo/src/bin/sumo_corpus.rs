#![allow(clippy::unwrap_used, missing_docs)]
use mynah_dialect::*; use std::collections::BTreeMap;
fn main(){
 let cat=mynah_view::Catalog::built_in().unwrap(); let view=cat.platform(mynah_event::Platform::Sumologic); let site=Site::default();
 let cx=PlanContext{mode:Mode::Check,view:&view,site:&site,runtime:&NoData};
 let text=std::fs::read_to_string(std::env::args().nth(1).unwrap()).unwrap();
 let (mut n,mut ok,mut planned)=(0,0,0); let mut codes:BTreeMap<String,(usize,Vec<String>)>=BTreeMap::new(); let mut info:BTreeMap<&str,usize>=BTreeMap::new();
 for l in text.lines(){ let v:serde_json::Value=serde_json::from_str(l).unwrap(); let q=v["query"].as_str().unwrap(); n+=1;
  let p=mynah_sumo::Sumo.plan(q,&cx); if p.plan.is_some(){planned+=1}
  let mut bad=false;
  for d in &p.diagnostics { if d.is_error(){ bad=true; let k=format!("{} {}",d.code,d.message.chars().take(70).collect::<String>()); let e=codes.entry(k).or_default(); e.0+=1; if e.1.len()<2 { let s=d.span.start.saturating_sub(60); let mut a=s; while !q.is_char_boundary(a){a-=1} let mut b=(d.span.end+40).min(q.len()); while !q.is_char_boundary(b){b+=1} e.1.push(format!("{} :: {}",v["id"].as_str().unwrap(), q[a..b.max(a)].replace('\n',"⏎"))); } } else { *info.entry(d.code).or_default()+=1; } }
  if !bad {ok+=1}
 }
 let mut c:Vec<_>=codes.into_iter().collect(); c.sort_by_key(|x|std::cmp::Reverse(x.1.0));
 println!("{n} queries, {ok} ok ({:.1}%), {planned} planned",100.0*ok as f64/n as f64); println!("{info:?}");
 for (k,(m,e)) in c.into_iter().take(std::env::args().nth(2).and_then(|x|x.parse().ok()).unwrap_or(60)){ println!("{m:5} {k}"); for x in e { println!("        {x}"); } }
}
