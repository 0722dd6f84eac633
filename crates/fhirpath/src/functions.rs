//! The functions, one table: what is called by name in an expression.

mod aggregate;
mod boundary;
mod call;
pub(crate) mod combining;
mod conversion;
mod encoding;
mod existence;
mod fhir_functions;
mod filtering;
mod math;
mod moments;
mod navigation;
mod profiles;
mod references;
mod regular_expression;
mod seen;
mod sorting;
mod strings;
mod subsetting;
mod terminology;
mod types;
mod weights;

use std::fmt;

use crate::error::Result;
use crate::item::Collection;

pub(crate) use call::Call;

/// What a function does on a call of it.
type Body = for<'c, 'e, 'a> fn(&'c Call<'e, 'a>) -> Result<Collection<'a>>;

/// A function.
pub(crate) struct Function {
    /// Its name.
    pub(crate) name: &'static str,
    /// How many arguments it takes at least and at most.
    pub(crate) arguments: (u8, u8),
    /// Whether its argument is the name of a type.
    pub(crate) takes_type: bool,
    pub(crate) body: Body,
}

impl fmt::Debug for Function {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

const fn function(name: &'static str, least: u8, most: u8, body: Body) -> Function {
    Function { name, arguments: (least, most), takes_type: false, body }
}

const fn of_type(name: &'static str, body: Body) -> Function {
    Function { name, arguments: (1, 1), takes_type: true, body }
}

/// All functions, by chapter of the specification.
static FUNCTIONS: &[Function] = &[
    // Existence
    function("empty", 0, 0, existence::empty),
    function("exists", 0, 1, existence::exists),
    function("all", 1, 1, existence::all),
    function("allTrue", 0, 0, existence::all_true),
    function("anyTrue", 0, 0, existence::any_true),
    function("allFalse", 0, 0, existence::all_false),
    function("anyFalse", 0, 0, existence::any_false),
    function("subsetOf", 1, 1, existence::subset_of),
    function("supersetOf", 1, 1, existence::superset_of),
    function("count", 0, 0, existence::count),
    function("distinct", 0, 0, existence::distinct),
    function("isDistinct", 0, 0, existence::is_distinct),
    function("not", 0, 0, existence::not),
    // Filtering and projection
    function("where", 1, 1, filtering::where_),
    function("select", 1, 1, filtering::select),
    function("repeat", 1, 1, filtering::repeat),
    function("repeatAll", 1, 1, filtering::repeat_all),
    of_type("ofType", types::of_type),
    // Subsetting
    function("single", 0, 0, subsetting::single),
    function("first", 0, 0, subsetting::first),
    function("last", 0, 0, subsetting::last),
    function("tail", 0, 0, subsetting::tail),
    function("skip", 1, 1, subsetting::skip),
    function("take", 1, 1, subsetting::take),
    function("intersect", 1, 1, subsetting::intersect),
    function("exclude", 1, 1, subsetting::exclude),
    // Combining
    function("union", 1, 1, combining::union_function),
    function("combine", 1, 2, combining::combine),
    function("coalesce", 1, u8::MAX, combining::coalesce),
    // Conversion
    function("iif", 2, 3, conversion::iif),
    function("toBoolean", 0, 0, conversion::to_boolean),
    function("convertsToBoolean", 0, 0, conversion::converts_to_boolean),
    function("toInteger", 0, 0, conversion::to_integer),
    function("convertsToInteger", 0, 0, conversion::converts_to_integer),
    function("toLong", 0, 0, conversion::to_long),
    function("convertsToLong", 0, 0, conversion::converts_to_long),
    function("toDate", 0, 0, conversion::to_date),
    function("convertsToDate", 0, 0, conversion::converts_to_date),
    function("toDateTime", 0, 0, conversion::to_date_time),
    function("convertsToDateTime", 0, 0, conversion::converts_to_date_time),
    function("toTime", 0, 0, conversion::to_time),
    function("convertsToTime", 0, 0, conversion::converts_to_time),
    function("toDecimal", 0, 0, conversion::to_decimal),
    function("convertsToDecimal", 0, 0, conversion::converts_to_decimal),
    function("toQuantity", 0, 1, conversion::to_quantity),
    function("convertsToQuantity", 0, 1, conversion::converts_to_quantity),
    function("toString", 0, 0, conversion::to_string),
    function("convertsToString", 0, 0, conversion::converts_to_string),
    // Strings
    function("indexOf", 1, 1, strings::index_of),
    function("lastIndexOf", 1, 1, strings::last_index_of),
    function("substring", 1, 2, strings::substring),
    function("startsWith", 1, 1, strings::starts_with),
    function("endsWith", 1, 1, strings::ends_with),
    function("contains", 1, 1, strings::contains),
    function("upper", 0, 0, strings::upper),
    function("lower", 0, 0, strings::lower),
    function("replace", 2, 2, strings::replace),
    function("length", 0, 0, strings::length),
    function("toChars", 0, 0, strings::to_chars),
    function("trim", 0, 0, strings::trim),
    function("split", 1, 1, strings::split),
    function("join", 0, 1, strings::join),
    function("matches", 1, 2, regular_expression::matches),
    function("matchesFull", 1, 2, regular_expression::matches_full),
    function("replaceMatches", 2, 3, regular_expression::replace_matches),
    function("encode", 1, 1, encoding::encode),
    function("decode", 1, 1, encoding::decode),
    function("escape", 1, 1, encoding::escape),
    function("unescape", 1, 1, encoding::unescape),
    // Math
    function("abs", 0, 0, math::abs),
    function("ceiling", 0, 0, math::ceiling),
    function("exp", 0, 0, math::exp),
    function("floor", 0, 0, math::floor),
    function("ln", 0, 0, math::ln),
    function("log", 1, 1, math::log),
    function("power", 1, 1, math::power),
    function("round", 0, 1, math::round),
    function("sqrt", 0, 0, math::sqrt),
    function("truncate", 0, 0, math::truncate),
    function("sum", 0, 0, aggregate::sum),
    function("min", 0, 0, aggregate::min),
    function("max", 0, 0, aggregate::max),
    function("avg", 0, 0, aggregate::avg),
    function("aggregate", 1, 2, aggregate::aggregate),
    function("sort", 0, u8::MAX, sorting::sort),
    // Tree navigation
    function("children", 0, 0, navigation::children),
    function("descendants", 0, 0, navigation::descendants),
    function("pathname", 0, 1, navigation::pathname),
    // Utility
    function("trace", 1, 2, navigation::trace),
    function("defineVariable", 1, 2, navigation::input),
    function("now", 0, 0, moments::now),
    function("today", 0, 0, moments::today),
    function("timeOfDay", 0, 0, moments::time_of_day),
    function("lowBoundary", 0, 1, boundary::low),
    function("highBoundary", 0, 1, boundary::high),
    function("precision", 0, 0, boundary::precision),
    function("comparable", 1, 1, boundary::comparable),
    function("yearOf", 0, 0, moments::year_of),
    function("monthOf", 0, 0, moments::month_of),
    function("dayOf", 0, 0, moments::day_of),
    function("hourOf", 0, 0, moments::hour_of),
    function("minuteOf", 0, 0, moments::minute_of),
    function("secondOf", 0, 0, moments::second_of),
    function("millisecondOf", 0, 0, moments::millisecond_of),
    function("timezoneOffsetOf", 0, 0, moments::timezone_offset_of),
    function("dateOf", 0, 0, moments::date_of),
    function("timeOf", 0, 0, moments::time_of),
    // Types
    of_type("is", types::is),
    of_type("as", types::cast),
    function("type", 0, 0, types::type_info),
    // FHIR's own
    function("extension", 1, 1, fhir_functions::extension),
    function("hasValue", 0, 0, fhir_functions::has_value),
    function("getValue", 0, 0, fhir_functions::get_value),
    function("htmlChecks", 0, 0, fhir_functions::html_checks),
    function("memberOf", 1, 1, terminology::member_of),
    function("subsumes", 1, 1, terminology::subsumes),
    function("subsumedBy", 1, 1, terminology::subsumed_by),
    function("conformsTo", 1, 1, profiles::conforms_to),
    function("slice", 2, 2, profiles::slice),
    function("elementDefinition", 0, 0, profiles::element_definition),
    function("checkModifiers", 0, u8::MAX, fhir_functions::check_modifiers),
    function("resolve", 0, 0, references::resolve),
    // Structured Data Capture's
    function("weight", 0, 0, weights::weight),
    function("ordinal", 0, 0, weights::weight),
    // SQL on FHIR's
    function("getResourceKey", 0, 0, references::resource_key),
    Function { arguments: (0, 1), ..of_type("getReferenceKey", references::reference_key) },
];

/// The function of that name.
pub(crate) fn find(name: &str) -> Option<&'static Function> {
    FUNCTIONS.iter().find(|function| function.name == name)
}

/// The name of a function that is likely meant.
pub(crate) fn nearest(name: &str) -> Option<&'static str> {
    fhir::nearest(name, FUNCTIONS.iter().map(|function| function.name))
}
