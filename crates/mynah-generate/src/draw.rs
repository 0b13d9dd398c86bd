use crate::context::Context;
use minijinja::value::{Object, from_args};
use minijinja::{Error, ErrorKind, State, Value};
use std::sync::{Arc, Mutex, PoisonError};

/// What templates call `draw`: everything of a record that chance decides, and its time.
#[derive(Debug)]
pub(crate) struct Draw(Mutex<Context>);

impl Draw {
    pub fn new(context: Context) -> Self {
        Draw(Mutex::new(context))
    }

    /// What was drawn from, as it is now.
    pub fn context(&self) -> Context {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Object for Draw {
    fn call_method(self: &Arc<Self>, _: &mut State<'_, '_>, method: &str, args: &[Value]) -> Result<Value, Error> {
        let context = &mut *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let number = || from_args::<(u64,)>(args).map(|(number,)| number);
        let length = || from_args::<(usize,)>(args).map(|(length,)| length);
        let text = || from_args::<(&str,)>(args).map(|(text,)| text);
        let list = || from_args::<(&Value,)>(args).map(|(list,)| list);
        Ok(match method {
            "time" => context.at.strftime(text()?).to_string().into(),
            "person" => context.person().into(),
            "workstation" => context.workstation().into(),
            "server" => context.server().into(),
            "computer" => context.computer().into(),
            "public_address" => context.public_address().into(),
            "attacker_address" => context.attacker_address().into(),
            "private_address" => context.private_address().into(),
            "uuid" => context.uuid().into(),
            "guid" => context.guid().into(),
            "hex" => context.hex(length()?).into(),
            "code" => context.code(length()?).into(),
            "any_case" => context.any_case(text()?).into(),
            "numbered" => context.numbered(text()?).into(),
            "below" => context.random.below(number()?).into(),
            "skewed" => context.random.skewed(number()?).into(),
            "chance" => context.random.chance(number()?).into(),
            "between" => {
                let (low, high) = from_args(args)?;
                context.random.between(low, high).into()
            }
            "pick" => {
                let count = list()?.len().unwrap_or(0);
                list()?.get_item(&context.random.below(count as u64).into())?
            }
            "weighted" => weighted(context, list()?)?,
            _ => return Err(Error::from(ErrorKind::UnknownMethod)),
        })
    }
}

/// One of the items, which are pairs of a weight and a value, each as likely as its weight says.
fn weighted(context: &mut Context, items: &Value) -> Result<Value, Error> {
    let weight = |item: &Value| u64::try_from(item.get_item_by_index(0)?);
    let total = items.try_iter()?.try_fold(0, |sum, item| Ok::<_, Error>(sum + weight(&item)?))?;
    let mut left = context.random.below(total);
    for item in items.try_iter()? {
        let weight = weight(&item)?;
        if left < weight {
            return item.get_item_by_index(1);
        }
        left -= weight;
    }
    Err(Error::new(ErrorKind::InvalidOperation, "there is nothing to choose from"))
}
