import { defineErrors } from '@counterpoint/core';

/**
 * The errors of `expressions`. Each carries `details` with `source` (the expression), `offset` and `length` (where in
 * it), and `suggestion` when there is one.
 */
export const errors = defineErrors('expressions', {
  syntax: {
    status: 400,
    message: 'The expression cannot be read: {reason}.',
    help: 'Check the text at the position named: brackets, quotes and commas must pair up.',
  },
  too_complex: {
    status: 400,
    message: 'The expression is too large: {reason}.',
    help: 'Split it into several steps with `set`, and name the parts.',
  },
  unsupported: {
    status: 400,
    message: '{feature} is not part of this expression language.',
    help: 'See the expression reference for what can be used instead.',
  },
  matches_refused: {
    status: 400,
    message: 'matches() is refused: its running time can explode with the text.',
    help: 'Use rx(text, pattern), which takes linear time.',
  },
  unknown_function: {
    status: 400,
    message: 'There is no function "{name}".{hint}',
    help: 'See the expression reference for the functions that exist.',
  },
  wrong_arguments: {
    status: 400,
    message: '{name} was called with {count} argument(s); it is {expected}.',
    help: 'Call it as its signature says.',
  },
  unknown_name: {
    status: 400,
    message: 'There is nothing named "{name}" here.{hint}',
    help: 'Use one of the names in scope: {known}.',
  },
  no_such_field: {
    status: 422,
    message: 'There is no field "{field}" here.{hint}',
    help: 'Check the name; when the field may be missing, write .? before its name, with orValue(…), or test with has(…).',
  },
  field_of_null: {
    status: 422,
    message: 'Cannot read {field}: what it belongs to is null.',
    help: 'Where null is possible, write .? with orValue(…), or coalesce(…).',
  },
  index_out_of_range: {
    status: 422,
    message: 'The list has {size} item(s); there is none at {index}.',
    help: 'Items count from 0. Where one may be missing, write [?index] with orValue(…).',
  },
  may_be_absent: {
    status: 400,
    message: '{what} may be absent.',
    help: 'Write {suggestion}, or test with has(…) first.',
  },
  absent: {
    status: 422,
    message: 'The value is absent.',
    help: 'Use orValue(…) to say what to take instead.',
  },
  type_mismatch: {
    status: 422,
    message: '{what} needs {expected}, and got {actual}.',
    help: 'Convert the value (for example with string(…) or int(…)), or use another one.',
  },
  number_out_of_range: {
    status: 422,
    message: 'The number {number} cannot be kept exactly.',
    help: 'Whole numbers are exact between -9007199254740991 and 9007199254740991; carry larger ones as text.',
  },
  division_by_zero: {
    status: 422,
    message: 'Division by zero.',
    help: 'Test the divisor first, for example: total == 0 ? 0 : part / total.',
  },
  invalid_value: {
    status: 422,
    message: '"{value}" is not {expected}.',
    help: 'Check where the value comes from. Text from outside must be checked before it is acted upon.',
  },
  invalid_pattern: {
    status: 400,
    message: 'The pattern cannot be used: {reason}.',
    help: 'Patterns follow RE2: no look-around and no back-references.',
  },
  now_unavailable: {
    status: 422,
    message: 'now() has no value here.',
    help: 'now() is the time of the event being decided; use it where there is one.',
  },
  lookup_unavailable: {
    status: 422,
    message: 'lookup() cannot be used here: it is read when a step begins, and this is evaluated at another time.',
    help: 'Look the row up in a `set` step before, and read that step here.',
  },
  unknown_table: {
    status: 404,
    message: 'There is no table "{table}".{hint}',
    help: 'Declare it in content/tables/, or check its name.',
  },
  budget_exceeded: {
    status: 422,
    message: 'The expression took more than {budget} evaluation steps and was stopped.',
    help: 'Loop over less: filter first, avoid loops within loops, or use foreach with max_items.',
  },
  output_too_large: {
    status: 422,
    message: 'The expression produced more than {limit} characters and was stopped.',
    help: 'Produce less, or pass the data by reference.',
  },
  not_data: {
    status: 422,
    message: 'The value is {what}, which is not plain data.',
    help: 'Only null, booleans, finite numbers, text, lists and maps can be used.',
  },
  template_unterminated: {
    status: 400,
    message: 'A "$' + '{{" has no closing "}}".',
    help: 'Close it, or write $$' + '{{ where the characters themselves are meant.',
  },
  template_in_key: {
    status: 400,
    message: 'The key "{key}" contains an expression.',
    help: 'Only values can be expressions; build the map with an expression instead.',
  },
  evaluation_failed: {
    status: 500,
    message: 'The expression could not be evaluated: {reason}.',
    help: 'This is a defect of the expression library; please report it with the expression.',
  },
});
