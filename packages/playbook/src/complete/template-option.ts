import { option } from './completion.ts';

/** Begins an expression where text is written. */
export const TEMPLATE_OPTION = option(
  '$' + '{{ }}',
  'value',
  'expression',
  'A value from the event, an input or an earlier step.',
  '"$' + '{{  }}"',
);
