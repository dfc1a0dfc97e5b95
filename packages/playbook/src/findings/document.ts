import type { FindingSpec } from './spec.ts';

/** Findings about a document as YAML. */
export const documentFindings = {
  too_large: {
    message: 'The document has {size} characters; {limit} are the limit.',
    help: 'Split it: move a part into a playbook of its own and call it.',
  },
  too_deep: {
    message: 'The document nests deeper than {limit} levels.',
    help: 'Move the inner part into a playbook of its own and call it.',
  },
  too_many_parts: {
    message: 'The document has more than {limit} {what}.',
    help: 'Split it: move a part into a playbook of its own and call it.',
  },
  empty_document: {
    message: 'The document is empty.',
    help: 'Begin with `kind: playbook/v1` or `kind: reaction/v1`.',
  },
  several_documents: {
    message: 'A second document begins here; a file holds one.',
    help: 'Put each playbook or reaction into a file of its own.',
  },
  yaml: {
    message: 'This is not valid YAML: {reason}.',
    help: 'Check indentation and quotes; text that begins with a special character must be quoted.',
  },
  yaml_warning: {
    message: 'YAML reads this in a way that is probably not meant: {reason}.',
    help: 'Write it without the construct, or quote the text.',
  },
  tag: {
    message: 'The YAML tag {tag} is refused.',
    help: 'Write plain YAML; quote the text when the "!" belongs to it.',
  },
  quote_expression: {
    message: 'YAML cuts or misreads this expression: {reason}.',
    help: 'Put the whole expression in quotes.',
  },
  unknown_anchor: {
    message: 'There is no anchor "{name}" before this alias.',
    help: 'Define the anchor first, or quote the text when the "*" belongs to it.',
  },
  alias_cycle: {
    message: 'The anchor "{name}" contains an alias of itself.',
    help: 'Write the inner part out.',
  },
  shared_expression: {
    message: 'An expression is reached through an anchor or alias.',
    help: 'Write each expression where it is used; share values with `set` or `inputs`.',
  },
  merge_key: {
    message: 'The merge key "<<" is not part of YAML 1.2.',
    help: 'Write the fields out.',
  },
  key_not_text: {
    message: 'A key must be plain text; this is {actual}.',
    help: 'Write a name as the key.',
  },
  duplicate_key: {
    message: 'The key "{key}" stands here a second time; it is first on line {line}.',
    help: 'Keep one of the two.',
  },
  number: {
    message: 'The number {text} cannot be kept exactly.',
    help: 'Write it as text (in quotes), or use a number within 15 digits.',
  },
} as const satisfies Record<string, FindingSpec>;
